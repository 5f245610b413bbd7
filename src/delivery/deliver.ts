import type { Dispatch } from '../dispatch/dispatch.ts'
import type { Trace } from '../dispatch/trace.ts'
import type { Logger } from '../log.ts'
import { messageKey } from '../message/key.ts'
import { showsReply } from '../message/shows-reply.ts'
import type { IncomingMessage } from '../message/types.ts'
import { none } from '../reply/shape.ts'
import type { Reply } from '../reply/types.ts'
import { LEASE } from '../store/ledger.ts'
import { StoreError } from '../store/store-error.ts'
import type { Clock } from './clock.ts'
import type { Ladder } from './ladder.ts'
import type { Records } from './records.ts'

export interface DeliveryOptions {
  /** Runs the owner's handlers, once per message; never rejects. */
  readonly dispatch: Dispatch
  readonly records: Records
  readonly ladder: Ladder
  readonly clock: Clock
  readonly log: Logger
  /** A name that no other run has. */
  readonly createRunId: () => string
  /** The owner's words for a follower whose answer is not ready: that it will be sent, or how to fetch it. */
  readonly words: Readonly<Record<'later' | 'thinking', () => Reply>>
  /**
   * Sends a reply as a customer-service message: false when the account may not, or the follower is out of reach.
   * Absent when the account has no AppSecret.
   */
  readonly sendLater?: (message: IncomingMessage, reply: Reply) => Promise<boolean>
}

/** How often another process's answer is looked for, in milliseconds. */
const LOOK = 40

/**
 * Answers every delivery of a message with the reply of one run of the handlers, in whatever process it runs. WeChat
 * delivers a message again, five seconds later and twice at the most, until it is answered ("Passive reply"): an answer
 * that is late is given to the next delivery, and one that comes after the last is kept for the follower.
 */
export function createDelivery(options: DeliveryOptions): Dispatch {
  const deliveries = new Deliveries(options)
  return (message, trace) => deliveries.answer(message, trace)
}

class Deliveries {
  readonly #options: DeliveryOptions
  readonly #records: Records
  readonly #ladder: Ladder
  readonly #clock: Clock
  readonly #log: Logger
  /** The runs of this process. */
  readonly #running = new Map<string, Promise<Reply>>()

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.#records = options.records
    this.#ladder = options.ladder
    this.#clock = options.clock
    this.#log = options.log
  }

  async answer(message: IncomingMessage, trace: Trace = {}): Promise<Reply> {
    const key = messageKey(message)
    const run = this.#options.createRunId()
    // Without the store nothing is known about other deliveries: better answered twice than not at all.
    const claimed = await this.#unlessStoreFails(() => this.#records.claim(key, run), undefined)
    if (claimed === undefined) return this.#held(this.#runAlone(key, message, trace))
    if (!claimed) {
      const answer = await this.#unlessStoreFails(() => this.#answerAgain(key, message, trace), undefined)
      return answer ?? this.#held(this.#runAlone(key, message, trace))
    }
    trace.delivery = 1
    return this.#answerDelivery(this.#startRun(key, run, message, 'first', trace), key, message, trace)
  }

  /** Without the store only those deliveries share a run that reach the same process. */
  #runAlone(key: string, message: IncomingMessage, trace: Trace): Promise<Reply> {
    const running = this.#running.get(key)
    if (running) return running
    const run = this.#options.dispatch(message, trace).finally(() => {
      if (this.#running.get(key) === run) this.#running.delete(key)
    })
    this.#running.set(key, run)
    return run
  }

  async #unlessStoreFails<T, F>(work: () => Promise<T>, fallback: F): Promise<T | F> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      this.#log.error(error.message)
      return fallback
    }
  }

  async #answerAgain(key: string, message: IncomingMessage, trace: Trace): Promise<Reply> {
    trace.delivery = await this.#records.countDelivery(key, this.#ladder.deliveries)
    const patience = { isOver: false }
    const answer = this.#running.get(key) ?? this.#awaitAnswer(key, message, patience)
    const stopWaiting = () => {
      patience.isOver = true
    }
    try {
      return await this.#answerDelivery(answer, key, message, trace)
    } finally {
      // No delivery comes after the last one that could take over from a process that is killed: this one goes on waiting.
      if (trace.by === 'later' || trace.by === 'thinking') this.#clock.after(this.#ladder.limit, stopWaiting)
      else stopWaiting()
    }
  }

  async #answerDelivery(answer: Promise<Reply | undefined>, key: string, message: IncomingMessage, trace: Trace) {
    if ((trace.delivery ?? 1) < this.#ladder.deliveries) return this.#held(answer)
    const inTime = await this.#withinTime(answer, this.#ladder.inline)
    return inTime ?? (await this.#unlessStoreFails(() => this.#afterLastDelivery(key, message, trace), none))
  }

  /** A connection on which the answer is late is left open: any answer to it would be taken for the reply. */
  async #held(answer: Promise<Reply | undefined>): Promise<Reply> {
    return (await this.#withinTime(answer, this.#ladder.hold)) ?? none
  }

  /** Undefined when there is no answer after so many milliseconds. */
  #withinTime(answer: Promise<Reply | undefined>, milliseconds: number): Promise<Reply | undefined> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(milliseconds, () => resolve(undefined))
      answer.then(resolve, reject).finally(cancel)
    })
  }

  #startRun(
    key: string,
    run: string,
    message: IncomingMessage,
    which: 'first' | 'takeover',
    trace: Trace,
  ): Promise<Reply> {
    const begun = this.#clock.now()
    const stopRenewing = this.#renewClaim(key, run)
    // Whoever was killed may have been late already, and what waits for this follower may be this very answer.
    const isFirst = which === 'first'
    const begin = () => (isFirst ? this.#fetchOrRun(message, trace) : this.#options.dispatch(message))
    // One that began while the store was away goes on.
    const work = (this.#running.get(key) ?? begin()).then(async reply => {
      const late = !isFirst || this.#clock.now() - begun >= this.#ladder.inline
      await this.#unlessStoreFails(() => this.#finishRun(key, run, message, reply, late), undefined)
      return reply
    })
    const settled = work.finally(() => {
      stopRenewing()
      this.#running.delete(key)
    })
    this.#running.set(key, settled)
    return settled
  }

  async #finishRun(key: string, run: string, message: IncomingMessage, reply: Reply, late: boolean) {
    await this.#records.finish(key, run, reply, late)
    if (late && (await this.#records.takeDiverted(key))) await this.#sendOrKeep(key, message, reply)
  }

  #renewClaim(key: string, run: string): () => void {
    let cancel: () => void
    const renew = async () => {
      const isOurs = await this.#unlessStoreFails(() => this.#records.renew(key, run), false)
      if (isOurs && this.#running.has(key)) schedule()
    }
    const schedule = () => {
      cancel = this.#clock.after(LEASE / 3, () => void renew())
    }
    schedule()
    return () => cancel()
  }

  /** The answer that waits for this follower, or the handlers' answer to this message. */
  async #fetchOrRun(message: IncomingMessage, trace: Trace): Promise<Reply> {
    if (message.kind === 'event:unsubscribe')
      await this.#unlessStoreFails(() => this.#records.forget(message.FromUserName), undefined)
    const answer =
      showsReply(message) && (await this.#unlessStoreFails(() => this.#fetchKept(message.FromUserName), undefined))
    if (!answer || answer.MsgType === 'none') return this.#options.dispatch(message, trace)
    trace.by = 'kept'
    this.#log.info('a kept answer was fetched', { kind: message.kind })
    return answer
  }

  async #fetchKept(follower: string): Promise<Reply | undefined> {
    const waiting = await this.#records.kept(follower)
    if (waiting === undefined) return undefined
    const patience = { isOver: false }
    const answer = await this.#withinTime(this.#awaitAnswer(waiting, undefined, patience), this.#ladder.limit)
    patience.isOver = true
    return (await this.#records.release(follower, waiting)) ? answer : undefined
  }

  /**
   * The answer of a run in whatever process. When it was killed, this one takes over with `message`; without one
   * there is no answer then.
   */
  async #awaitAnswer(
    key: string,
    message: IncomingMessage | undefined,
    patience: { readonly isOver: boolean },
  ): Promise<Reply | undefined> {
    while (!patience.isOver) {
      const progress = await this.#records.progress(key)
      if (typeof progress === 'object') return progress.reply
      if (!progress && !message) return undefined
      const run = this.#options.createRunId()
      if (!progress && message && (await this.#records.claim(key, run))) {
        this.#log.warn('whoever was answering is gone; the handlers run again', { kind: message.kind })
        return this.#startRun(key, run, message, 'takeover', {})
      }
      await new Promise<void>(resolve => this.#clock.after(LOOK, resolve))
    }
    return undefined
  }

  async #afterLastDelivery(key: string, message: IncomingMessage, trace: Trace): Promise<Reply> {
    const { kind, FromUserName: follower } = message
    if (!showsReply(message)) return none
    const step = this.#options.sendLater ? 'customer-service message' : 'kept for the next message'
    this.#log.info('no answer after the last delivery', { kind, step })
    if (this.#options.sendLater) await this.#records.divert(key)
    else await this.#records.keep(follower, key)
    // The run may have ended between the last look and now; then nobody else will see to its answer.
    const progress = await this.#records.progress(key)
    const done = typeof progress === 'object'
    const ours =
      done &&
      (this.#options.sendLater ? await this.#records.takeDiverted(key) : await this.#records.release(follower, key))
    if (ours) return progress.reply
    trace.by = this.#options.sendLater ? 'later' : 'thinking'
    return this.#options.words[trace.by]()
  }

  async #sendOrKeep(key: string, message: IncomingMessage, reply: Reply): Promise<void> {
    if (reply.MsgType === 'none') return
    const sent = await this.#options.sendLater?.(message, reply)
    this.#log.info(
      sent ? 'the answer was sent as a customer-service message' : 'the answer is kept for the next message',
      {
        kind: message.kind,
      },
    )
    if (!sent) await this.#records.keep(message.FromUserName, key)
  }
}
