import type { TroubleRule } from './fake-api.ts'

/** Errors on demand. */
export interface Troubles {
  /** Takes the place of all rules. */
  set(rules: readonly TroubleRule[]): void
  /** The first rule that is not used up. */
  readonly current: TroubleRule | undefined
  /** What befalls this call; counts it. */
  befalls(path: string): TroubleRule['trouble'] | undefined
}

const TOKEN_CALLS = ['/cgi-bin/token', '/cgi-bin/stable_token']
/** An access token that is not good: no error of a call that takes none. */
const BAD_TOKEN: readonly TroubleRule['trouble'][] = [40001, 40014, 42001]
/** The IP whitelist is for those who fetch an access token. */
const FOREIGN_ADDRESS = 40164

/** None yet. */
export function createTroubles(): Troubles {
  let rules: { readonly rule: TroubleRule; left: number }[] = []
  return {
    set(wanted) {
      rules = wanted.map(rule => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }))
    },
    get current() {
      return rules.find(({ left }) => left > 0)?.rule
    },
    befalls(path) {
      const found = rules.find(({ rule, left }) => left > 0 && fits(rule, path))
      if (found) found.left--
      return found?.rule.trouble
    },
  }
}

function fits({ trouble, path: wanted }: TroubleRule, path: string): boolean {
  if (wanted !== undefined) return path.startsWith(wanted)
  if (BAD_TOKEN.includes(trouble)) return !TOKEN_CALLS.includes(path)
  return trouble !== FOREIGN_ADDRESS || TOKEN_CALLS.includes(path)
}
