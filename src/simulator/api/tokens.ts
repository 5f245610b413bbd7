import { refuse } from './refusal.ts'

/** The account's access tokens, by the rules of `token` and `stable_token`. */
export interface Tokens {
  /** A new one; the one before works for five minutes more. */
  classic(): TokenAnswer
  /**
   * The same as before until its last five minutes.
   *
   * @param force ends the current one at once, at most every 30 s (sooner it stays) and 20 times a day
   * @throws {ApiRefusal} 45009
   */
  stable(force: boolean): TokenAnswer
  /** @throws {ApiRefusal} 40001, 40014, 41001 or 42001 */
  check(token: string | null): void
}

/** What both calls answer. */
export interface TokenAnswer extends Readonly<Record<string, unknown>> {
  readonly access_token: string
  readonly expires_in: number
}

interface Token {
  readonly value: string
  /** Milliseconds since 1970. */
  ends: number
  /** Whether another took its place before its time. */
  superseded: boolean
}

const LIFE = 7_200_000
const OVERLAP = 300_000
const FORCE_PAUSE = 30_000
const FORCED_PER_DAY = 20
const DAY = 86_400_000
/** Old ones are remembered so that their error is the right one. */
const REMEMBERED = 100

/** @param issue makes the text of a token */
export function createTokens(now: () => number, issue: () => string): Tokens {
  const issued: Token[] = []
  let latest: { classic?: Token; stable?: Token } = {}
  let forced: number[] = []

  function create(kind: 'classic' | 'stable'): Token {
    const token: Token = { value: issue(), ends: now() + LIFE, superseded: false }
    issued.push(token)
    if (issued.length > REMEMBERED) issued.shift()
    latest = { ...latest, [kind]: token }
    return token
  }

  function supersede(token: Token | undefined, ends: number): void {
    if (!token || token.ends <= ends) return
    token.ends = ends
    token.superseded = true
  }

  function force(current: Token): TokenAnswer {
    forced = forced.filter(at => at > now() - DAY)
    const last = forced.at(-1)
    if (last !== undefined && now() - last < FORCE_PAUSE) return answer(current)
    if (forced.length >= FORCED_PER_DAY) refuse(45009)
    forced.push(now())
    supersede(current, now())
    return answer(create('stable'))
  }

  const answer = ({ value, ends }: Token): TokenAnswer => ({
    access_token: value,
    // A token lasts no second less because its millisecond has passed.
    expires_in: Math.ceil((ends - now()) / 1000),
  })

  return {
    classic() {
      supersede(latest.classic, now() + OVERLAP)
      return answer(create('classic'))
    },
    stable(forceRefresh) {
      const current = latest.stable
      if (!current || current.ends <= now() + OVERLAP) return answer(create('stable'))
      return forceRefresh ? force(current) : answer(current)
    },
    check(value) {
      if (!value) refuse(41001)
      if (!/^[\w-]{20,512}$/.test(value)) refuse(40014)
      const token = issued.find(each => each.value === value)
      if (!token) refuse(40001)
      if (token.ends <= now()) refuse(token.superseded ? 40001 : 42001)
    },
  }
}
