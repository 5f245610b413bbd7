/** An access token, as it is kept. */
export interface Token {
  readonly value: string
  /** Milliseconds since 1970. */
  readonly expires: number
  /** When it was asked for: milliseconds since 1970. */
  readonly fetched: number
}

/** Milliseconds: WeChat says 7200 s. */
export const LONGEST_LIFE = 7_300_000
/** Milliseconds that clocks may be apart. */
const CLOCK_SKEW = 5000

/** From 16 characters to 1024; the documentation wants room for 512. */
export function isTokenValue(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 16 && value.length <= 1024 && /^[\x21-\x7e]+$/.test(value)
}

/** Whether it may be used at `now`; not if it is from the future, because then nobody knows how old it is. */
export function isUsable({ expires, fetched }: Token, now: number): boolean {
  return now < expires && expires <= now + LONGEST_LIFE && fetched <= now + CLOCK_SKEW
}

const EARLY = 300_000
const SPREAD = 120_000

/**
 * When it should be renewed: before WeChat's own last five minutes, and not at the same time in every process. A
 * token that is given for some minutes only is renewed at half its life.
 *
 * @param spread from 0 to 1, different in every process
 */
export function renewalTime({ expires, fetched }: Token, spread: number): number {
  return Math.max(expires - EARLY - spread * SPREAD, (fetched + expires) / 2)
}

/** As the store keeps it. */
export function encodeToken(token: Token): string {
  return JSON.stringify(token)
}

/** Undefined unless it is a token that may be used at `now`. */
export function decodeToken(text: string, now: number): Token | undefined {
  const { value, expires, fetched } = parse(text)
  if (!isTokenValue(value) || typeof expires !== 'number' || typeof fetched !== 'number') return undefined
  const token = { value, expires, fetched }
  return isUsable(token, now) ? token : undefined
}

function parse(text: string): Partial<Record<keyof Token, unknown>> {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}
