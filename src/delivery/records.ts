import { hash } from 'node:crypto'
import { none } from '../reply/shape.ts'
import type { Reply } from '../reply/types.ts'
import { type Ledger, REMEMBERED } from '../store/ledger.ts'
import type { Store } from '../store/types.ts'

/** What became of a message: a run of the handlers is answering it, or it is answered. */
export type Progress = 'running' | { readonly reply: Reply }

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
  /** Whether this delivery, by its number, was counted. */
  wasCounted(message: string, number: number): Promise<boolean>
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

export interface RecordsOptions {
  /** Who answers which message, and what was answered. */
  readonly ledger: Ledger
  /** Answers that wait for their follower. */
  readonly store: Store
  /** The account's name: several may share a ledger and a store. */
  readonly account: string
  /** How long an answer waits for its follower, in milliseconds. */
  readonly keepFor: number
}

/** In the ledger: the answer was late, and is in the store. */
const LATE = 'late'

/** A closure over the ledger, the store and their keys, and so longer than its parts. */
export function createRecords({ ledger, store, account, keepFor }: RecordsOptions): Records {
  const accountId = hash('sha1', account).slice(0, 8)
  const ledgerKey = (message: string) => message + accountId
  const answerKey = (message: string) => `answer|${account}|${message}`
  const keptKey = (follower: string) => `kept|${account}|${follower}`
  const divertedKey = (message: string) => `diverted|${account}|${message}`
  const countKey = (message: string, number: number) => `delivery|${account}|${message}|${number}`

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

  /** A late answer outlives what the ledger knows about its message. */
  async function lateAnswer(message: string): Promise<Progress | undefined> {
    const text = await store.get(answerKey(message))
    return text === undefined ? undefined : { reply: decode(text) }
  }

  return {
    claim: (message, run) => ledger.claim(ledgerKey(message), run),
    renew: (message, run) => ledger.renew(ledgerKey(message), run),
    async finish(message, run, reply, late) {
      if (late) await store.add(answerKey(message), JSON.stringify(reply), keepFor)
      await ledger.settle(ledgerKey(message), run, late ? LATE : JSON.stringify(reply))
    },
    async progress(message) {
      const claim = await ledger.look(ledgerKey(message))
      if (claim === 'held') return 'running'
      if (claim && claim.value !== LATE) return { reply: decode(claim.value) }
      const late = await lateAnswer(message)
      return claim ? (late ?? { reply: none }) : late
    },
    async countDelivery(message, last) {
      for (let number = 2; number < last; number++) {
        if (await store.add(countKey(message, number), '', REMEMBERED)) return number
      }
      return last
    },
    wasCounted: async (message, number) => (await store.get(countKey(message, number))) !== undefined,
    async keep(follower, message) {
      await changeKept(follower, waiting => (waiting.includes(message) ? waiting : [...waiting, message]))
    },
    kept: async follower => waitingIn(await store.get(keptKey(follower)))[0],
    release: (follower, message) => changeKept(follower, waiting => waiting.filter(each => each !== message)),
    async forget(follower) {
      const waiting = waitingIn(await store.get(keptKey(follower)))
      await store.remove(keptKey(follower))
      for (const message of waiting) await store.remove(answerKey(message))
    },
    divert: message => store.set(divertedKey(message), '', REMEMBERED),
    takeDiverted: message => store.remove(divertedKey(message)),
  }
}

/** Keys of messages, oldest first; they hold no blanks. */
function waitingIn(text = ''): readonly string[] {
  return text.split(' ').filter(Boolean)
}

/** What cannot be read was not written by this version: the message counts as answered, for it must not run twice. */
function decode(text: string): Reply {
  try {
    return JSON.parse(text) as Reply
  } catch {
    return none
  }
}
