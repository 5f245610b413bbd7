// All but tab, LF and CR of the control characters, two noncharacters, halves of surrogate pairs: XML 1.0 section 2.2.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach the platform
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu

/**
 * Text as it may stand between `<![CDATA[` and `]]>`: an end mark in it is divided over two sections, and the
 * characters that XML 1.0 forbids are left out, since one of them makes the platform refuse the whole reply.
 */
export function escapeCdata(text: string): string {
  return text.replace(FORBIDDEN, '').replaceAll(']]>', ']]]]><![CDATA[>')
}
