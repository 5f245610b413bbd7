import type { TokenEndpoint } from './endpoints.ts'
import { type Failure, isWaiting, nextFailure } from './failure.ts'
import { type StoredToken, sharedToken, type TokenHome } from './shared-token.ts'
import { isUsable, renewalTime, type Token } from './token.ts'
import { TokenError } from './token-error.ts'

/** Whose token it is, and who gives it. */
export interface TokenProviderOptions extends TokenHome {
  readonly endpoint: TokenEndpoint
  readonly pause?: (milliseconds: number) => Promise<void>
  /** Milliseconds after which another process takes the place of one that gives no sign of life; 4000 if not given. */
  readonly lease?: number
}

/** The access token of one account. */
export interface TokenProvider {
  /** @throws {TokenError} when none can be had */
  get(): Promise<Token>
  /** To be called when the API has refused a token with 40001, 40014 or 42001: nobody is given that one any more. */
  invalidate(failed: string): Promise<void>
}

const LEASE = 4000
/** How often in the time of a lease whoever has it begins it anew: on a busy machine not every turn comes. */
const SIGNS_OF_LIFE = 4
/** How long a process waits for the token that another one is fetching, once a lease is over. */
const PATIENCE = 3000
/** For how long the copy in memory is believed without a look at the store. */
const BELIEVED = 1000

/**
 * Fetches the token of an account once for all processes that share the store. One of them fetches while the others
 * wait, or go on with the token of before; when that one does not come back within its lease, another takes its place;
 * and when the store cannot be used at all, each process fetches its own. A closure over the copy in memory, and so
 * longer than its parts.
 *
 * A closure over what this process knows of the token, and so longer than its parts.
 */
export function createTokenProvider(options: TokenProviderOptions): TokenProvider {
  const { appId, secret, endpoint, now, random, log, pause = sleep, lease = LEASE } = options
  const shared = sharedToken({ ...options, name: endpoint.name, lease })
  const spread = random()
  const longestWait = lease + PATIENCE
  let copy: Token | undefined
  /** The copy could not be stored: that there is none in the store says nothing about it. */
  let isUnsaved = false
  /** What the store still holds because it could not be removed. */
  let refused: string | undefined
  /** That could not be stored. */
  let ownFailure: Failure | undefined
  let looked = 0
  let flight: Promise<Token> | undefined

  const isCurrent = (token: Token) => isUsable(token, now()) && now() < renewalTime(token, spread)

  async function get(): Promise<Token> {
    if (copy && isCurrent(copy) && Math.abs(now() - looked) < BELIEVED) return copy
    if (copy && flight && isUsable(copy, now())) return copy
    flight ??= obtain().finally(() => {
      flight = undefined
    })
    return flight
  }

  async function obtain(): Promise<Token> {
    const stored = await look()
    if (copy && isCurrent(copy)) return copy
    return copy ? renewEarly(copy, stored) : waitForToken(stored)
  }

  /** What the store holds becomes the copy, unless the copy is newer and could not be stored. */
  async function look(): Promise<StoredToken | undefined> {
    const stored = await shared.read()
    looked = now()
    if (copy && !isUsable(copy, now())) copy = undefined
    if (!stored) return undefined
    const { raw, token } = stored
    const isNewer = copy && isUnsaved && copy.fetched >= (token?.fetched ?? 0)
    if (copy && isNewer) isUnsaved = (await shared.save(copy, raw)) === undefined
    else copy = token?.value === refused ? undefined : token
    return stored
  }

  /** Whoever gets the lease renews; the others, and whoever fails, go on with the token of before. */
  async function renewEarly(token: Token, stored: StoredToken | undefined): Promise<Token> {
    if ((await waitingFailure()) || !stored || !(await shared.takeLease())) return token
    try {
      return (await fetchWithLease(token.value)) ?? token
    } catch (error) {
      if (!(error instanceof TokenError)) throw error
      return token
    } finally {
      await shared.releaseLease()
    }
  }

  async function waitForToken(first: StoredToken | undefined): Promise<Token> {
    let stored = first
    let waited = 0
    while (stored && waited < longestWait) {
      await throwWaitingFailure()
      const isMine = await shared.takeLease()
      if (isMine === undefined) break
      const token = isMine ? await fetchWithLease(undefined).finally(shared.releaseLease) : undefined
      if (token) return token
      const delay = 15 + random() * 25
      waited += isMine ? lease : delay
      await pause(delay)
      stored = await look()
      if (copy) return copy
    }
    await throwWaitingFailure()
    if (waited >= longestWait) log.warn('another process does not finish fetching the access token; not waiting for it')
    return fetchToken(stored)
  }

  /**
   * Undefined when the lease has ended before anything was asked. Another process may have fetched a token before this
   * one got the lease; and whatever kept this one from asking has kept it before the lease begins anew.
   */
  async function fetchWithLease(before: string | undefined): Promise<Token | undefined> {
    await look()
    if (copy && copy.value !== before) return copy
    await throwWaitingFailure()
    await endpoint.prepare?.()
    if ((await shared.renewLease()) === false) return undefined
    const stored = await look()
    if (copy && copy.value !== before) return copy
    const signs = setInterval(shared.renewLease, lease / SIGNS_OF_LIFE)
    return fetchToken(stored).finally(() => clearInterval(signs))
  }

  async function fetchToken(stored: StoredToken | undefined): Promise<Token> {
    const fetched = now()
    const { value, lifetime } = await endpoint.fetch(appId, secret).catch(recordFailure)
    log.info('access token fetched', { token: 'fetched', seconds: lifetime / 1000, ms: now() - fetched })
    refused = undefined
    ownFailure = undefined
    const fresh = { value, fetched, expires: fetched + lifetime }
    copy = fresh
    const saved = await shared.save(fresh, stored?.raw)
    isUnsaved = saved === undefined
    await shared.clearFailure()
    // Somebody who was slower to ask has been quicker to store: all are to use the same one.
    if (saved === false) await look()
    return copy ?? fresh
  }

  async function recordFailure(error: unknown): Promise<never> {
    if (!(error instanceof TokenError)) throw error
    const failure = nextFailure(error, (await shared.failure()) ?? ownFailure, now())
    ownFailure = (await shared.recordFailure(failure)) ? undefined : failure
    const fields = { token: 'failed', reason: String(error.code), seconds: (failure.until - now()) / 1000 }
    log[error.lasting ? 'error' : 'warn'](error.message, fields)
    throw error
  }

  async function waitingFailure(): Promise<Failure | undefined> {
    const failure = (await shared.failure()) ?? ownFailure
    return failure && isWaiting(failure, now()) ? failure : undefined
  }

  async function throwWaitingFailure(): Promise<void> {
    const failure = await waitingFailure()
    if (failure) throw failure.error
  }

  async function invalidate(failed: string): Promise<void> {
    if (copy?.value === failed) copy = undefined
    const stored = await shared.read()
    const { raw, token } = stored ?? {}
    const isGone = raw !== undefined && token?.value === failed ? await shared.remove(raw) : stored
    if (isGone === undefined) refused = failed
  }

  return { get, invalidate }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}
