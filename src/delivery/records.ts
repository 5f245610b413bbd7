import { none } from '../reply/shape.ts'
import type { Reply } from '../reply/types.ts'
import type { Store } from '../store/types.ts'

/** A run that is going on is claimed for so many milliseconds, and renews its claim: one that was killed does not. */
export const LEASE = 6000
/** All deliveries of a message come within a quarter of a minute. */
const REMEMBERED = 300_000

/** What became of a message: being answered by the run of this id, or answered. */
export type Progress = { readonly run: string } | { readonly reply: Reply }

/**
 * What the store holds about messages: who is answering one, what was answered, and the answers that wait for their
 * follower. `message` and `follower` are keys, unique within an account.
 */
export interface Records {
  /** True for exactly one of all deliveries: that one runs the handlers, as the run of this id. */
  claim(message: string, run: string): Promise<boolean>
  /** Keeps a claim. False when it was lost. */
  renew(message: string, run: string): Promise<boolean>
  /** Ends a run: the reply is there for later deliveries, and for `keep` milliseconds when that is longer. */
  finish(message: string, run: string, reply: Reply, keep: number): Promise<void>
  /** Undefined when nobody is answering: whoever did was killed. */
  progress(message: string): Promise<Progress | undefined>
  /** Which delivery after the first this is: 2, 3 … up to `last`, which comes again for all that follow. */
  countDelivery(message: string, last: number): Promise<number>
  /** Lets the follower's next message fetch the answer to this one. */
  keep(follower: string, message: string, ttl: number): Promise<void>
  /** The message whose answer waits for this follower. */
  kept(follower: string): Promise<string | undefined>
  /** True for exactly one: that one may hand the answer over. */
  release(follower: string, message: string): Promise<boolean>
  /** Nothing waits for this follower any more. */
  forget(follower: string): Promise<void>
  /** Lets the run send its reply by another way when it is done. */
  divert(message: string): Promise<void>
  /** True for exactly one. */
  takeDiverted(message: string): Promise<boolean>
}

/** @param account the account's name: several may share a store */
export function createRecords(store: Store, account: string): Records {
  const recordKey = (message: string) => `message|${account}|${message}`
  const keptKey = (follower: string) => `kept|${account}|${follower}`
  const divertedKey = (message: string) => `diverted|${account}|${message}`
  return {
    claim: (message, run) => store.add(recordKey(message), encode({ run }), LEASE),
    renew: (message, run) => store.replace(recordKey(message), encode({ run }), encode({ run }), LEASE),
    async finish(message, run, reply, keep) {
      await store.replace(recordKey(message), encode({ run }), encode({ reply }), Math.max(keep, REMEMBERED))
    },
    async progress(message) {
      const text = await store.get(recordKey(message))
      return text === undefined ? undefined : decode(text)
    },
    async countDelivery(message, last) {
      for (let number = 2; number < last; number++) {
        if (await store.add(`${recordKey(message)}|${number}`, '', REMEMBERED)) return number
      }
      return last
    },
    keep: (follower, message, ttl) => store.set(keptKey(follower), message, ttl),
    kept: follower => store.get(keptKey(follower)),
    release: (follower, message) => store.remove(keptKey(follower), message),
    async forget(follower) {
      await store.remove(keptKey(follower))
    },
    divert: message => store.set(divertedKey(message), '', REMEMBERED),
    takeDiverted: message => store.remove(divertedKey(message)),
  }
}

function encode(progress: Progress): string {
  return JSON.stringify(progress)
}

/** What cannot be read was not written by this version: the message counts as answered, for it must not run twice. */
function decode(text: string): Progress {
  try {
    return JSON.parse(text) as Progress
  } catch {
    return { reply: none }
  }
}
