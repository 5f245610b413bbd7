/** @param {number} at milliseconds since 1970 */
export function clock(at) {
  const date = new Date(at)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

/** @param {number} at milliseconds since 1970 */
export function clockWithSeconds(at) {
  return `${clock(at)}:${two(new Date(at).getSeconds())}`
}

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, '0')
}
