import { withoutForbidden } from './characters.ts'

/**
 * Text as it may stand between `<![CDATA[` and `]]>`: an end mark in it is divided over two sections, and the
 * characters that XML 1.0 forbids are left out.
 */
export function escapeCdata(text: string): string {
  return withoutForbidden(text).replaceAll(']]>', ']]]]><![CDATA[>')
}
