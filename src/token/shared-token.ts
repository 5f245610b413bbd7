import { hash } from 'node:crypto'
import type { Logger } from '../log.ts'
import { StoreError } from '../store/store-error.ts'
import type { Store } from '../store/types.ts'
import { decodeFailure, encodeFailure, type Failure } from './failure.ts'
import { decodeToken, encodeToken, type Token } from './token.ts'

/** Whose token it is, and where it is kept. */
export interface TokenHome {
  readonly appId: string
  readonly secret: string
  readonly store: Store
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number
  readonly log: Logger
}

/** Which of the account's tokens it is. */
export interface SharedTokenOptions extends TokenHome {
  /** Of the endpoint that the token is from. */
  readonly name: string
  /** Milliseconds after which another process may fetch a token instead of one that does not come back. */
  readonly lease: number
}

/** What the store holds: `raw` is there even when it is no token that can be used. */
export interface StoredToken {
  readonly raw: string | undefined
  readonly token: Token | undefined
}

/** What all processes know about the token of one account. Where the store fails, each call gives undefined. */
export interface SharedToken {
  read(): Promise<StoredToken | undefined>
  /** Stores a token in the place of what was read. False when another process has stored one meanwhile. */
  save(token: Token, raw: string | undefined): Promise<boolean | undefined>
  /** False when it is somebody else's. */
  takeLease(): Promise<boolean | undefined>
  /** Begins the lease anew. False when it has ended meanwhile: somebody else may have it. */
  renewLease(): Promise<boolean | undefined>
  releaseLease(): Promise<void>
  failure(): Promise<Failure | undefined>
  recordFailure(failure: Failure): Promise<true | undefined>
  clearFailure(): Promise<void>
  /** Removes a token that was read. */
  remove(raw: string): Promise<boolean | undefined>
}

/** How long it is remembered how many times in a row it failed. */
const FAILURE_MEMORY = 120_000

/** The token of one account in the store. Another secret is another account: a mistake put right counts at once. */
export function sharedToken(options: SharedTokenOptions): SharedToken {
  const { appId, secret, name, store, now, random, log, lease } = options
  const account = `${name}:${appId}:${hash('sha256', secret).slice(0, 8)}`
  const keys = { token: `token:${account}`, lease: `token-lease:${account}`, failure: `token-failure:${account}` }
  let holder = ''
  let told = ''

  async function unlessItFails<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      // A full disk stays full for hours: one line is enough.
      if (error.code !== told) log.warn(error.message)
      told = error.code
      return undefined
    }
  }

  return {
    read: () =>
      unlessItFails(async () => {
        const raw = await store.get(keys.token)
        return { raw, token: raw === undefined ? undefined : decodeToken(raw, now()) }
      }),
    save: (token, raw) =>
      unlessItFails(async () => {
        const value = encodeToken(token)
        const ttl = token.expires - now()
        if (raw !== undefined && (await store.replace(keys.token, raw, value, ttl))) return true
        return store.add(keys.token, value, ttl)
      }),
    takeLease: () =>
      unlessItFails(() => {
        holder = `${now()} ${random()}`
        return store.add(keys.lease, holder, lease)
      }),
    renewLease: () => unlessItFails(() => store.replace(keys.lease, holder, holder, lease)),
    async releaseLease() {
      await unlessItFails(() => store.remove(keys.lease, holder))
    },
    failure: () =>
      unlessItFails(async () => {
        const text = await store.get(keys.failure)
        return text === undefined ? undefined : decodeFailure(text)
      }),
    recordFailure: failure =>
      unlessItFails(async () => {
        await store.set(keys.failure, encodeFailure(failure), failure.until - now() + FAILURE_MEMORY)
        return true as const
      }),
    async clearFailure() {
      await unlessItFails(() => store.remove(keys.failure))
    },
    remove: raw => unlessItFails(() => store.remove(keys.token, raw)),
  }
}
