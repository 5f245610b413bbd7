import { TokenError } from './token-error.ts'

/** That no token could be had, for all processes to know: until then nobody asks again. */
export interface Failure {
  readonly error: TokenError
  /** How many times in a row. */
  readonly count: number
  /** Milliseconds since 1970. */
  readonly until: number
}

const FIRST_WAIT = 1000
const LONGEST_WAIT = 60_000

/** Waits 1, 2, 4 and at last 60 seconds; 60 at once when it will not pass by itself. */
export function nextFailure(error: TokenError, before: Failure | undefined, now: number): Failure {
  const count = (before?.count ?? 0) + 1
  const wait = error.lasting ? LONGEST_WAIT : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (count - 1))
  return { error, count, until: now + wait }
}

/** Not when the clock has been put back since. */
export function isWaiting({ until }: Failure, now: number): boolean {
  return now < until && until <= now + LONGEST_WAIT
}

/** As the store keeps it. */
export function encodeFailure({ error, count, until }: Failure): string {
  const { code, lasting, message: en, zh } = error
  return JSON.stringify({ code, lasting, en, zh, count, until })
}

/** Undefined when the text is not one of `encodeFailure`. */
export function decodeFailure(text: string): Failure | undefined {
  try {
    const { code, lasting, en, zh, count, until } = JSON.parse(text)
    if (typeof count !== 'number' || typeof until !== 'number' || typeof en !== 'string') return undefined
    return { error: new TokenError(code, lasting, { en, zh }), count, until }
  } catch {
    return undefined
  }
}
