import type { Store } from '../store/types.ts'
import { FollowerBusyError } from './session-error.ts'

/** Milliseconds after which a lease is anybody's whose holder was killed. */
const LEASE_TTL = 3000
const RENEWALS = LEASE_TTL / 3
/** Milliseconds between two looks at a lease that is taken: this, and up to four times as much again by chance. */
const PAUSE = 10

export interface LeaseOptions {
  /** When it is aborted nobody waits for the lease any more, and nobody renews it. */
  readonly signal?: AbortSignal | undefined
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number
}

/** The exclusive right to something that processes share. */
export interface Lease {
  /** Whether it is still ours, as far as this process knows: it asks every second. */
  isHeld(): boolean
  /** Asks, and if it is still ours renews it. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/**
 * Waits until nobody else holds the lease, and takes it. It is renewed until it is released; when its holder was
 * killed it is free after three seconds.
 *
 * @throws {FollowerBusyError} when the signal is aborted first
 * @throws {StoreError} when the store cannot be used
 */
export async function takeLease(store: Store, key: string, { signal, random }: LeaseOptions): Promise<Lease> {
  const owner = `${random()} ${random()}`
  while (!(await store.add(key, owner, LEASE_TTL))) {
    if (signal?.aborted) throw new FollowerBusyError()
    await new Promise(resolve => setTimeout(resolve, PAUSE * (1 + 4 * random())))
  }
  let held = true
  // A store that fails once may not fail the next time; until then the lease lasts.
  const renewal = setInterval(() => renew().catch(() => {}), RENEWALS).unref()

  async function renew(): Promise<boolean> {
    held &&= !signal?.aborted && (await store.replace(key, owner, owner, LEASE_TTL))
    if (!held) clearInterval(renewal)
    return held
  }

  return {
    isHeld: () => held && !signal?.aborted,
    renew,
    async release() {
      clearInterval(renewal)
      held = false
      // Whatever was to be kept is kept; if this fails, the lease runs out.
      await store.remove(key, owner).catch(() => false)
    },
  }
}
