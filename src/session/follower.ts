import type { Store } from '../store/types.ts'
import { type Lease, takeLease } from './lease.ts'
import { decodeRecord, type FollowerRecord, lifetimeOf } from './record.ts'
import { FollowerLostError } from './session-error.ts'

export interface FollowerOptions {
  readonly store: Store
  /** The name of the account. */
  readonly account: string
  /** The follower's OpenID. */
  readonly openId: string
  readonly signal?: AbortSignal | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number
}

/** One follower's record, for the time of one message. */
export interface Follower {
  /** What is kept, which somebody else may change at any moment. */
  read(): Promise<FollowerRecord>
  /**
   * Waits until no other message of this follower is being handled, in whatever process, and reads what is kept then.
   *
   * @throws {FollowerBusyError} when the signal is aborted first
   */
  hold(): Promise<FollowerRecord>
  /** Whether `hold` has been called. */
  isHeld(): boolean
  /** Stores what is kept from now on. @throws {FollowerLostError} when it is no longer ours to say that */
  write(record: FollowerRecord): Promise<void>
  release(): Promise<void>
}

export function openFollower({ store, account, openId, signal, now, random }: FollowerOptions): Follower {
  const key = recordKey(account, openId)
  let text: string | undefined
  let lease: Lease | undefined

  async function read(): Promise<FollowerRecord> {
    text = await store.get(key)
    return decodeRecord(text, now())
  }

  /** Whatever somebody else has written meanwhile stays; and what was erased while there was nothing stays erased. */
  async function put(ours: Lease, next: string, ttl: number): Promise<boolean> {
    if (text !== undefined) return store.replace(key, text, next, ttl)
    return (await ours.renew()) && store.add(key, next, ttl)
  }

  return {
    read,
    async hold() {
      lease ??= await takeLease(store, leaseKey(account, openId), { signal, random })
      return read()
    },
    isHeld: () => lease !== undefined,
    async write(record) {
      const next = JSON.stringify(record)
      const ttl = lifetimeOf(record, now())
      if (!(lease?.isHeld() && (await put(lease, next, ttl)))) throw new FollowerLostError()
      text = next
    },
    async release() {
      await lease?.release()
    },
  }
}

/**
 * Erases what is kept about a follower of an account: session, dialogue, and the right of a handler that is still
 * running to keep anything.
 *
 * @param account the name of the account
 */
export async function forget(store: Store, account: string, openId: string): Promise<void> {
  await store.remove(leaseKey(account, openId))
  await store.remove(recordKey(account, openId))
}

function recordKey(account: string, openId: string): string {
  return `follower:${account}:${openId}`
}

function leaseKey(account: string, openId: string): string {
  return `follower-lease:${account}:${openId}`
}
