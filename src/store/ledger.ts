import type { Store } from './types.ts'

/** Milliseconds for which a claim holds that is not renewed: whoever holds it was killed, or stands still. */
export const LEASE = 6000
/** Milliseconds for which a key is remembered at the least: all deliveries of a message come within a quarter of a minute. */
export const REMEMBERED = 300_000

/** What became of a key: it is claimed, or settled with a value. */
export type Claim = 'held' | { readonly value: string }

/**
 * Who sees to what, and how it ended. It holds what comes with every message, lives for minutes, and is hardly ever
 * asked for again; a `Store` could hold it too, but on a disk this is many times cheaper.
 *
 * A key is `SECONDS-ID`: a time that is the same for all who ask for the key, and letters and digits. A value has no line
 * breaks. Calls reject with a `StoreError` when the ledger cannot be used.
 */
export interface Ledger {
  /** True for exactly one of all who try, until its claim is not renewed in time. `holder` is a name nobody else has. */
  claim(key: string, holder: string): Promise<boolean>
  /** Makes the claim hold for another lease. False when it was lost. */
  renew(key: string, holder: string): Promise<boolean>
  /** Ends a claim with a value. When somebody else took the claim over meanwhile, the first value counts. */
  settle(key: string, holder: string, value: string): Promise<void>
  /** Undefined when nobody sees to it: it was never claimed, or whoever held it is gone. */
  look(key: string): Promise<Claim | undefined>
}

/** A ledger of entries in a store. */
export function createStoreLedger(store: Store): Ledger {
  const entryOf = (key: string) => `claim|${key}`
  const held = (holder: string) => `?${holder}`
  const settled = (value: string) => `=${value}`

  return {
    claim: (key, holder) => store.add(entryOf(key), held(holder), LEASE),
    renew: (key, holder) => store.replace(entryOf(key), held(holder), held(holder), LEASE),
    async settle(key, holder, value) {
      const entry = entryOf(key)
      if (await store.replace(entry, held(holder), settled(value), REMEMBERED)) return
      // The claim was lost: a process that stands still cannot renew it. The first value counts all the same.
      const text = await store.get(entry)
      if (text === undefined) await store.add(entry, settled(value), REMEMBERED)
      else if (text.startsWith('?')) await store.replace(entry, text, settled(value), REMEMBERED)
    },
    async look(key) {
      const text = await store.get(entryOf(key))
      if (text === undefined) return undefined
      return text.startsWith('?') ? 'held' : { value: text.slice(1) }
    },
  }
}
