/** A private character, which no sender of JSON means anything by. */
const MARK = '\u{f8ff}integer:'
const MARKED = new RegExp(`"${MARK}(\\d+)"`, 'g')

/** JSON as WeChat writes it: a bigint is a bare number, beyond 2^53 as well. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? MARK + each : each))
  return text.replace(MARKED, '$1')
}
