import { type Symptom, symptoms } from './symptoms.ts'

/** A symptom of which a log speaks. */
export interface LogEntry {
  readonly symptom: Symptom
  readonly count: number
  /** The last line that does. */
  readonly example: string
}

/** `[Sun Nov 22 16:31:32.123456 2026]` of Apache's error log, and that of our own lines. */
const APACHE_TIME = /^\[\w{3} (\w{3} +\d+ [\d:]+)(?:\.\d+)? (\d{4})\]/
const OUR_TIME = /(?:^|\s|"time":")(\d{4}-\d\d-\d\dT[\d:.]+Z)(?: weixin |")/

/**
 * What a log of Apache or of the service speaks of, most frequent first; lines that nothing is known of are left out.
 *
 * @param since milliseconds since 1970; a line without a time is as old as the one before it
 */
export function explainLog(text: string, since = 0): LogEntry[] {
  const found = new Map<Symptom, { count: number; example: string }>()
  let time = Number.POSITIVE_INFINITY
  for (const line of text.split(/\r?\n/)) {
    time = timeOf(line) ?? time
    if (time < since) continue
    const symptom = symptoms.find(({ pattern }) => pattern.test(line))
    if (symptom) found.set(symptom, { count: (found.get(symptom)?.count ?? 0) + 1, example: withoutFrame(line) })
  }
  return [...found]
    .map(([symptom, seen]) => ({ symptom, ...seen }))
    .filter(({ symptom, count }) => count >= (symptom.least ?? 1) || since === 0)
    .sort((one, other) => other.count - one.count)
}

function timeOf(line: string): number | undefined {
  const [, day, year] = APACHE_TIME.exec(line) ?? []
  const time = Date.parse(day === undefined ? (OUR_TIME.exec(line)?.[1] ?? '') : `${day} ${year}`)
  return Number.isNaN(time) ? undefined : time
}

/** Without time, module, process and client in front. */
function withoutFrame(line: string): string {
  return line
    .replace(/^(\[[^\]]*\] ?)+/, '')
    .replace(OUR_TIME, 'weixin ')
    .trim()
}
