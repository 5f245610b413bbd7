import { refuse } from './refusal.ts'

/** How often each path was called today. */
export interface Quotas {
  /** @throws {ApiRefusal} 45009 when the day's calls are used up, 45011 when those of the minute are */
  count(path: string, perDay: number, perMinute?: number): void
  used(path: string): number
  /** Forgets the calls of one path or of all. @throws {ApiRefusal} 48006 when that was done too often this month */
  clear(path?: string): void
}

const MINUTE = 60_000
/** Days begin at midnight in Beijing. */
const BEIJING = 8 * 3_600_000
/** Clearings a month: of everything, and of single paths. */
const CLEARINGS = { all: 10, path: 50 }

/** Nothing called yet. @param now milliseconds since 1970 */
export function createQuotas(now: () => number): Quotas {
  const calls = new Map<string, number>()
  let cleared = { all: 0, path: 0 }
  let day = ''
  const ofMinute = new Map<string, number>()
  let minute = 0
  const today = () => new Date(now() + BEIJING).toISOString().slice(0, 'YYYY-MM-DD'.length)

  function turn(): void {
    if (Math.floor(now() / MINUTE) !== minute) ofMinute.clear()
    minute = Math.floor(now() / MINUTE)
    if (today() === day) return
    if (!day.startsWith(today().slice(0, 'YYYY-MM'.length))) cleared = { all: 0, path: 0 }
    day = today()
    calls.clear()
  }

  return {
    count(path, perDay, perMinute = Number.POSITIVE_INFINITY) {
      turn()
      const used = calls.get(path) ?? 0
      if (used >= perDay) refuse(45009)
      const inMinute = ofMinute.get(path) ?? 0
      if (inMinute >= perMinute) refuse(45011)
      calls.set(path, used + 1)
      ofMinute.set(path, inMinute + 1)
    },
    used(path) {
      turn()
      return calls.get(path) ?? 0
    },
    clear(path) {
      turn()
      const what = path === undefined ? 'all' : 'path'
      if (++cleared[what] > CLEARINGS[what]) refuse(48006)
      if (path === undefined) calls.clear()
      else calls.delete(path)
    },
  }
}
