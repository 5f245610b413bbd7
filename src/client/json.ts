const QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d

/**
 * The value of a JSON text as WeChat's API writes it: integers beyond 2^53 come as strings of digits, and characters
 * that JSON does not permit inside a string (control characters of nicknames, a stray backslash) as themselves.
 *
 * @throws {SyntaxError} when it is not JSON all the same; its message quotes the text
 */
export function readJson(text: string): unknown {
  return JSON.parse(readable(text, number => `"${number}"`))
}

/** No text that anybody writes: an integer that JSON.parse would round. */
const BIG = '\u0000bigint '

/**
 * The same for JSON that is to be sent on: integers beyond 2^53 become bigints, which `writeJson` writes as they were.
 *
 * @throws {SyntaxError} when it is not JSON
 */
export function exactJson(text: string): unknown {
  return JSON.parse(
    readable(text, number => JSON.stringify(BIG + number)),
    (_, value) => (typeof value === 'string' && value.startsWith(BIG) ? BigInt(value.slice(BIG.length)) : value),
  )
}

/** The text with everything put right that JSON.parse would refuse or change. */
function readable(text: string, bigInteger: (digits: string) => string): string {
  let fixed = ''
  let copied = 0
  let inString = false
  const replace = (start: number, end: number, replacement: string) => {
    fixed += text.slice(copied, start) + replacement
    copied = end
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) inString = !inString
    else if (inString && code === BACKSLASH) {
      if (/["\\/bfnrtu]/.test(text.charAt(i + 1))) i++
      else replace(i, i + 1, '\\\\')
    } else if (inString && code < 0x20) {
      replace(i, i + 1, `\\u${code.toString(16).padStart(4, '0')}`)
    } else if (!inString && (code === MINUS || isDigit(code))) {
      const end = endOfNumber(text, i)
      const number = text.slice(i, end)
      if (/^-?\d{16,}$/.test(number) && !Number.isSafeInteger(Number(number))) replace(i, end, bigInteger(number))
      i = end - 1
    }
  }
  return fixed + text.slice(copied)
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1
  while (/[\d.eE+-]/.test(text.charAt(end))) end++
  return end
}

/** What JSON would write as `\uXXXX`, which WeChat refuses (40033) or shows: most control characters and halves of pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be sent
const ESCAPED = /[\u0000-\u0007\u000b\u000e-\u001f\p{Surrogate}]/gu

/**
 * JSON as WeChat's API wants it: raw UTF-8 without a single `\uXXXX`, and a bigint as a bare number. Characters that JSON
 * can only write as `\uXXXX` are left out; so are fields that are undefined.
 */
export function writeJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return JSON.stringify(value.replace(ESCAPED, ''))
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{${fields.map(([name, field]) => `${writeJson(name)}:${writeJson(field)}`).join(',')}}`
}
