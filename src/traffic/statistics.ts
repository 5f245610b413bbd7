import { type Entry, isRefused, isRequest } from './entry.ts'

/** How long WeChat waits for an answer, in milliseconds. */
export const PATIENCE = 5000

/** Something that occurs so often. */
export interface Count {
  readonly name: string
  readonly count: number
}

/** One local day, `2026-11-22`, and its hours from 0. */
export interface Day {
  readonly date: string
  readonly hours: readonly number[]
  readonly total: number
  /** Milliseconds that each answer took, the shortest first. */
  readonly latencies: readonly number[]
}

export interface Refused extends Count {
  readonly status: number
  /** What the log said when it came last, and when that was. */
  readonly message: string
  readonly last: number
}

export interface TokenFetch {
  readonly time: number
  readonly failed: boolean
  readonly reason: string | undefined
}

/** What a report shows; times in milliseconds since 1970, durations in milliseconds. */
export interface Statistics {
  readonly from: number
  readonly to: number
  readonly accounts: readonly string[]
  /** Each counts once, however often it was delivered. */
  readonly messages: number
  readonly followers: number
  /** Every day from the first one asked for to the last. */
  readonly days: readonly Day[]
  readonly kinds: readonly Count[]
  /** All answers, the shortest time first. */
  readonly latencies: readonly number[]
  /** How many deliveries were the second, the third …: by number. */
  readonly redeliveries: readonly Count[]
  /** How slow answers reached their follower after the last delivery: `later`, `thinking`, `kept`. */
  readonly detours: readonly Count[]
  readonly failures: number
  readonly refusals: readonly Refused[]
  readonly hasContents: boolean
  readonly words: readonly Count[]
  /** Texts that nobody answered, or only the rule for everything else. */
  readonly unanswered: readonly Count[]
  readonly tokens: readonly TokenFetch[]
  /** Warnings and errors beside refused requests. */
  readonly troubles: readonly (Count & { readonly last: number; readonly level: string })[]
}

/** Lists end after so many: a page is looked at. */
const LISTED = 20
const DAY = 86_400_000

interface CountedDay {
  readonly hours: number[]
  readonly latencies: number[]
}

/**
 * Counts entries, in the order in which they come; the result is asked for at the end. A closure over its counters, and so
 * longer than its parts.
 */
export function createStatistics(from: number, to: number) {
  const accounts = new Set<string>()
  const followers = new Set<string>()
  const days = new Map<string, CountedDay>()
  for (const date of datesBetween(from, to)) days.set(date, { hours: Array<number>(24).fill(0), latencies: [] })
  const [kinds, redeliveries, detours, words, unanswered] = [counter(), counter(), counter(), counter(), counter()]
  const refusals = new Map<string, Refused>()
  const troubles = new Map<string, Statistics['troubles'][number]>()
  const tokens: TokenFetch[] = []
  let messages = 0
  let failures = 0
  let hasContents = false

  function add(entry: Entry): void {
    if (entry.account !== undefined) accounts.add(entry.account)
    if (entry.token) tokens.push({ time: entry.time, failed: entry.token === 'failed', reason: entry.reason })
    if (isRefused(entry)) addRefusal(entry)
    else if (isRequest(entry)) addAnswer(entry)
    else if (entry.level === 'warn' || entry.level === 'error') addTrouble(entry)
  }

  function addAnswer(entry: Entry): void {
    const { time, kind = '', ms, delivery = 1, by } = entry
    const day = days.get(dateOf(time))
    if (kind === 'access-check' || !day) return
    if (ms !== undefined) day.latencies.push(ms)
    if (by === 'later' || by === 'thinking' || by === 'kept') detours.add(by)
    if (delivery > 1) redeliveries.add(String(delivery))
    else addMessage({ ...entry, kind }, day)
  }

  function addMessage(
    { time, kind, by, answer, follower, content }: Entry & { readonly kind: string },
    day: CountedDay,
  ) {
    messages++
    const hour = new Date(time).getHours()
    day.hours[hour] = (day.hours[hour] ?? 0) + 1
    kinds.add(kind)
    if (follower) followers.add(follower)
    if (by === 'error') failures++
    if (content === undefined) return
    hasContents = true
    if (kind !== 'text') return
    words.add(content.trim().toLowerCase())
    if (answer === 'none' || by === 'fallback') unanswered.add(content.trim().toLowerCase())
  }

  function addRefusal({ time, status = 0, reason = '', message }: Entry): void {
    const count = (refusals.get(reason)?.count ?? 0) + 1
    refusals.set(reason, { name: reason, count, status, message, last: time })
  }

  function addTrouble({ time, level, message }: Entry): void {
    const [line = ''] = message.split('\n')
    const name = line.slice(0, 200)
    troubles.set(name, { name, count: (troubles.get(name)?.count ?? 0) + 1, last: time, level })
  }

  function result(): Statistics {
    const sorted = [...days].map(([date, { hours, latencies }]) => ({
      date,
      hours,
      total: hours.reduce((sum, count) => sum + count, 0),
      latencies: latencies.sort((a, b) => a - b),
    }))
    return {
      from,
      to,
      accounts: [...accounts].sort(),
      messages,
      followers: followers.size,
      days: sorted,
      kinds: kinds.list(),
      latencies: sorted.flatMap(({ latencies }) => latencies).sort((a, b) => a - b),
      redeliveries: redeliveries.list().toSorted((a, b) => Number(a.name) - Number(b.name)),
      detours: detours.list(),
      failures,
      refusals: mostFirst([...refusals.values()]),
      hasContents,
      words: words.list().slice(0, LISTED),
      unanswered: unanswered.list().slice(0, LISTED),
      tokens,
      troubles: mostFirst([...troubles.values()]).slice(0, LISTED),
    }
  }

  return { add, result }
}

function counter() {
  const counts = new Map<string, number>()
  return {
    add: (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    list: () => mostFirst([...counts].map(([name, count]) => ({ name, count }))),
  }
}

function mostFirst<C extends Count>(counts: readonly C[]): readonly C[] {
  return counts.toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
}

/** The local day of a time. */
export function dateOf(time: number): string {
  const date = new Date(time)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

function datesBetween(from: number, to: number): string[] {
  const dates = []
  // By way of noon: there are days of 23 and of 25 hours.
  const last = dateOf(to)
  for (let noon = new Date(from).setHours(12, 0, 0, 0); dateOf(noon) <= last; noon += DAY) dates.push(dateOf(noon))
  return dates
}

/**
 * The smallest of some values that a share of them does not exceed (nearest rank); 0 of none.
 *
 * @param sorted the smallest first
 * @param share from 0 to 1
 */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}

/** How many answers WeChat has still waited for, from 0 to 1. */
export function shareInTime(sorted: readonly number[]): number {
  const late = sorted.findIndex(ms => ms > PATIENCE)
  return late < 0 ? 1 : late / sorted.length
}
