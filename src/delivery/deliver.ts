import type { Dispatch } from '../dispatch/dispatch.ts'
import type { Trace } from '../dispatch/trace.ts'
import type { Logger } from '../log.ts'
import { messageKey } from '../message/key.ts'
import { showsReply } from '../message/shows-reply.ts'
import type { IncomingMessage } from '../message/types.ts'
import { none } from '../reply/shape.ts'
import type { Reply } from '../reply/types.ts'
import type { Clock } from './clock.ts'
import type { Ladder } from './ladder.ts'
import type { Records } from './records.ts'
import { Runs } from './runs.ts'
import { unlessStoreFails } from './unless-store-fails.ts'

export interface DeliveryOptions {
  /** Runs the owner's handlers, once per message; never rejects. */
  readonly dispatch: Dispatch
  readonly records: Records
  readonly ladder: Ladder
  readonly clock: Clock
  readonly log: Logger
  /** A name that no other run has. */
  readonly createRunId: () => string
  /** Is told of each run that nobody else will finish; its promise is fulfilled when it is over. */
  readonly begun?: ((run: Promise<Reply>) => void) | undefined
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
  readonly #runs: Runs

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.#records = options.records
    this.#ladder = options.ladder
    this.#clock = options.clock
    this.#log = options.log
    const { records, ladder, clock, log, begun } = options
    const keepPromise = this.#sendOrKeep.bind(this)
    this.#runs = new Runs({ records, clock, log, inline: ladder.inline, begun, keepPromise })
  }

  async answer(message: IncomingMessage, trace: Trace = {}): Promise<Reply> {
    const key = messageKey(message)
    const run = this.#options.createRunId()
    // Without the store nothing is known about other deliveries: better answered twice than not at all.
    const claimed = await this.#unlessStoreFails(() => this.#records.claim(key, run), undefined)
    const share = () => this.#runs.share(key, () => this.#options.dispatch(message, trace))
    if (claimed === undefined) return this.#held(share())
    if (!claimed) {
      const answer = await this.#unlessStoreFails(() => this.#answerAgain(key, message, trace), undefined)
      return answer ?? this.#held(share())
    }
    trace.delivery = 1
    const begin = () => this.#fetchOrRun(message, trace)
    return this.#answerDelivery(
      this.#runs.start({ key, id: run, message, takeover: false }, begin),
      key,
      message,
      trace,
    )
  }

  #unlessStoreFails<T, F>(work: () => Promise<T>, fallback: F): Promise<T | F> {
    return unlessStoreFails(this.#log, work, fallback)
  }

  async #answerAgain(key: string, message: IncomingMessage, trace: Trace): Promise<Reply> {
    trace.delivery = await this.#records.countDelivery(key, this.#ladder.deliveries)
    const patience = { isOver: false }
    const answer = this.#runs.find(key) ?? this.#awaitAnswer(key, message, patience)
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
    const { inline, hold } = this.#ladder
    const inTime = await this.#withinTime(answer, Math.min(inline, hold))
    if (inTime) return inTime
    if (!(await this.#isLast(key, trace))) return this.#held(answer, hold - inline)
    return this.#unlessStoreFails(() => this.#afterLastDelivery(key, message, trace), none)
  }

  /** The claim of a process that was killed may end between two deliveries, so that the last one has the message for itself. */
  async #isLast(key: string, trace: Trace): Promise<boolean> {
    const { deliveries } = this.#ladder
    if (
      trace.delivery === 1 &&
      (await this.#unlessStoreFails(() => this.#records.wasCounted(key, deliveries - 1), false))
    ) {
      trace.delivery = deliveries
    }
    return (trace.delivery ?? 1) >= deliveries
  }

  /** A connection on which the answer is late is left open: any answer to it would be taken for the reply. */
  async #held(answer: Promise<Reply | undefined>, hold = this.#ladder.hold): Promise<Reply> {
    return (await this.#withinTime(answer, hold)) ?? none
  }

  /** Undefined when there is no answer after so many milliseconds. */
  #withinTime(answer: Promise<Reply | undefined>, milliseconds: number): Promise<Reply | undefined> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(milliseconds, () => resolve(undefined))
      answer.then(resolve, reject).finally(cancel)
    })
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
        // What waits for this follower may be this very answer.
        const begin = () => this.#options.dispatch(message)
        return this.#runs.start({ key, id: run, message, takeover: true }, begin)
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
