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
  /** Ends a run: the reply is there for later deliveries, and when it is late for as long as answers are kept. */
  finish(message: string, run: string, reply: Reply, late: boolean): Promise<void>
  /** Undefined when nobody is answering: whoever did was killed. */
  progress(message: string): Promise<Progress | undefined>
  /** Which delivery after the first this is: 2, 3 … up to `last`, which comes again for all that follow. */
  countDelivery(message: string, last: number): Promise<number>
  /** Lets one of the follower's next messages fetch the answer to this one. */
  keep(follower: string, message: string): Promise<void>
  /** The message whose answer has waited longest for this follower. */
  kept(follower: string): Promise<string | undefined>
  /** True for exactly one: that one may hand the answer over. */
  release(follower: string, message: string): Promise<boolean>
  /** Nothing waits for this follower any more, and the answers that did are erased. */
  forget(follower: string): Promise<void>
  /** Lets the run send its reply by another way when it is done. */
  divert(message: string): Promise<void>
  /** True for exactly one. */
  takeDiverted(message: string): Promise<boolean>
}

/**
 * @param account the account's name: several may share a store
 * @param keepFor how long an answer waits for its follower, in milliseconds
 */
export function createRecords(store: Store, account: string, keepFor: number): Records {
  const recordKey = (message: string) => `message|${account}|${message}`
  const keptKey = (follower: string) => `kept|${account}|${follower}`
  const divertedKey = (message: string) => `diverted|${account}|${message}`
  /** True when this call changed the list, which others may be changing too. */
  async function changeKept(follower: string, change: (waiting: readonly string[]) => readonly string[]) {
    const key = keptKey(follower)
    for (;;) {
      const text = await store.get(key)
      const before = waitingIn(text)
      const after = change(before)
      if (after.length === before.length) return false
      const list = after.join(' ')
      if (text === undefined) {
        if (await store.add(key, list, keepFor)) return true
      } else if (after.length === 0) {
        if (await store.remove(key, text)) return true
      } else if (await store.replace(key, text, list, keepFor)) return true
    }
  }

  return {
    claim: (message, run) => store.add(recordKey(message), encode({ run }), LEASE),
    renew: (message, run) => store.replace(recordKey(message), encode({ run }), encode({ run }), LEASE),
    async finish(message, run, reply, late) {
      const ttl = late ? Math.max(keepFor, REMEMBERED) : REMEMBERED
      const key = recordKey(message)
      if (await store.replace(key, encode({ run }), encode({ reply }), ttl)) return
      // The claim was lost: a process that stands still cannot renew it. The first reply counts all the same.
      const text = await store.get(key)
      if (text === undefined) await store.add(key, encode({ reply }), ttl)
      else if ('run' in decode(text)) await store.replace(key, text, encode({ reply }), ttl)
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
    async keep(follower, message) {
      await changeKept(follower, waiting => (waiting.includes(message) ? waiting : [...waiting, message]))
    },
    kept: async follower => waitingIn(await store.get(keptKey(follower)))[0],
    release: (follower, message) => changeKept(follower, waiting => waiting.filter(each => each !== message)),
    async forget(follower) {
      const waiting = waitingIn(await store.get(keptKey(follower)))
      await store.remove(keptKey(follower))
      for (const message of waiting) await store.remove(recordKey(message))
    },
    divert: message => store.set(divertedKey(message), '', REMEMBERED),
    takeDiverted: message => store.remove(divertedKey(message)),
  }
}

/** Keys of messages, oldest first; they hold no blanks. */
function waitingIn(text = ''): readonly string[] {
  return text.split(' ').filter(Boolean)
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
