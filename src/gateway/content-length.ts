import type { CgiEnvironment } from './request.ts'

/**
 * `CONTENT_LENGTH` (RFC 3875 section 4.1.2) in bytes: undefined when there is none, NaN when it is not a plain
 * decimal number.
 */
export function contentLength(environment: CgiEnvironment): number | undefined {
  const text = environment['CONTENT_LENGTH'] ?? ''
  if (text === '') return undefined
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}
