import type { Dispatch } from '../dispatch/dispatch.ts'
import type { Logger } from '../log.ts'
import { messageKey } from '../message/key.ts'
import type { IncomingMessage } from '../message/types.ts'
import { none } from '../reply/shape.ts'
import type { Reply } from '../reply/types.ts'
import { StoreError } from '../store/store-error.ts'
import type { Clock } from './clock.ts'
import type { Ladder } from './ladder.ts'
import { LEASE, type Records } from './records.ts'

export interface DeliveryOptions {
  /** Runs the owner's handlers, once per message; never rejects. */
  readonly dispatch: Dispatch
  readonly records: Records
  readonly ladder: Ladder
  readonly clock: Clock
  readonly log: Logger
  /** A name that no other run has. */
  readonly createRunId: () => string
  /** The owner's words for a follower whose answer is not ready: how to fetch it. */
  readonly thinking: () => Reply
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
  const { dispatch, records, ladder, clock, log } = options
  /** The runs of this process. */
  const running = new Map<string, Promise<Reply>>()

  return async message => {
    const key = messageKey(message)
    const run = options.createRunId()
    // Without the store nothing is known about other deliveries: better answered twice than not at all.
    const claimed = await unlessStoreFails(() => records.claim(key, run), undefined)
    if (claimed === undefined) return held(dispatch(message))
    if (claimed) return held(startRun(key, run, message))
    return unlessStoreFails(() => answerAgain(key, message), none)
  }

  async function unlessStoreFails<T, F>(work: () => Promise<T>, fallback: F): Promise<T | F> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      log.error(error.message)
      return fallback
    }
  }

  async function answerAgain(key: string, message: IncomingMessage): Promise<Reply> {
    const number = await records.countDelivery(key, ladder.deliveries)
    const patience = new AbortController()
    const answer = running.get(key) ?? awaitAnswer(key, message, patience.signal)
    try {
      if (number < ladder.deliveries) return await held(answer)
      return (await withinTime(answer, ladder.inline)) ?? (await afterLastDelivery(key, message))
    } finally {
      patience.abort()
    }
  }

  /** A connection on which the answer is late is left open: any answer to it would be taken for the reply. */
  async function held(answer: Promise<Reply | undefined>): Promise<Reply> {
    return (await withinTime(answer, ladder.hold)) ?? none
  }

  async function withinTime(answer: Promise<Reply | undefined>, milliseconds: number): Promise<Reply | undefined> {
    const enough = new AbortController()
    try {
      return await Promise.race([answer, clock.sleep(milliseconds, enough.signal)])
    } finally {
      enough.abort()
    }
  }

  function startRun(key: string, run: string, message: IncomingMessage): Promise<Reply> {
    const ended = new AbortController()
    const begun = clock.now()
    void unlessStoreFails(() => renewClaim(key, run, ended.signal), undefined)
    const work = fetchOrRun(message).then(async reply => {
      const late = clock.now() - begun > ladder.inline
      await unlessStoreFails(() => finishRun(key, run, message, reply, late), undefined)
      return reply
    })
    const settled = work.finally(() => {
      ended.abort()
      running.delete(key)
    })
    running.set(key, settled)
    return settled
  }

  async function finishRun(key: string, run: string, message: IncomingMessage, reply: Reply, late: boolean) {
    await records.finish(key, run, reply, late ? ladder.keep : 0)
    if (late && (await records.takeDiverted(key))) await sendOrKeep(key, message, reply)
  }

  async function renewClaim(key: string, run: string, ended: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(LEASE / 3, ended)
      if (ended.aborted || !(await records.renew(key, run))) return
    }
  }

  /** The answer that waits for this follower, or the handlers' answer to this message. */
  async function fetchOrRun(message: IncomingMessage): Promise<Reply> {
    if (message.kind === 'event:unsubscribe')
      await unlessStoreFails(() => records.forget(message.FromUserName), undefined)
    const answer = showsReply(message) && (await unlessStoreFails(() => fetchKept(message.FromUserName), undefined))
    if (!answer || answer.MsgType === 'none') return dispatch(message)
    log.info('a kept answer was fetched', { kind: message.kind })
    return answer
  }

  async function fetchKept(follower: string): Promise<Reply | undefined> {
    const waiting = await records.kept(follower)
    if (waiting === undefined) return undefined
    const answer = await awaitAnswer(waiting, undefined, new AbortController().signal)
    return (await records.release(follower, waiting)) ? answer : undefined
  }

  /**
   * The answer of a run in whatever process. When it was killed, this one takes over with `message`; without one
   * there is no answer then.
   */
  async function awaitAnswer(
    key: string,
    message: IncomingMessage | undefined,
    enough: AbortSignal,
  ): Promise<Reply | undefined> {
    while (!enough.aborted) {
      const progress = await records.progress(key)
      if (progress && 'reply' in progress) return progress.reply
      if (!progress && !message) return undefined
      const run = options.createRunId()
      if (!progress && message && (await records.claim(key, run))) {
        log.warn('whoever was answering is gone; the handlers run again', { kind: message.kind })
        return startRun(key, run, message)
      }
      await clock.sleep(LOOK, enough)
    }
    return undefined
  }

  async function afterLastDelivery(key: string, message: IncomingMessage): Promise<Reply> {
    const { kind, FromUserName: follower } = message
    if (!showsReply(message)) return none
    const step = options.sendLater ? 'customer-service message' : 'kept for the next message'
    log.info('no answer after the last delivery', { kind, step })
    if (options.sendLater) await records.divert(key)
    else await records.keep(follower, key, ladder.keep)
    // The run may have ended between the last look and now; then nobody else will see to its answer.
    const progress = await records.progress(key)
    const done = progress && 'reply' in progress
    const ours = done && (options.sendLater ? await records.takeDiverted(key) : await records.release(follower, key))
    if (ours) return progress.reply
    return options.sendLater ? none : options.thinking()
  }

  async function sendOrKeep(key: string, message: IncomingMessage, reply: Reply): Promise<void> {
    if (reply.MsgType === 'none') return
    const sent = await options.sendLater?.(message, reply)
    log.info(sent ? 'the answer was sent as a customer-service message' : 'the answer is kept for the next message', {
      kind: message.kind,
    })
    if (!sent) await records.keep(message.FromUserName, key, ladder.keep)
  }
}

/** WeChat shows a reply to what a follower writes, and to few events; whatever is answered to the others is lost. */
const SHOWN_EVENTS = new Set([
  'event:subscribe',
  'event:SCAN',
  'event:CLICK',
  'event:scancode_push',
  'event:scancode_waitmsg',
  'event:pic_sysphoto',
  'event:pic_photo_or_album',
  'event:pic_weixin',
  'event:location_select',
])

function showsReply({ kind, MsgType }: IncomingMessage): boolean {
  return MsgType !== 'event' || SHOWN_EVENTS.has(kind)
}
