import type { Logger } from '../log.ts'
import type { IncomingMessage } from '../message/types.ts'
import { checkReply } from '../reply/check.ts'
import { lintReply } from '../reply/lint.ts'
import type { ReplyError } from '../reply/reply-error.ts'
import { none } from '../reply/shape.ts'
import type { Reply } from '../reply/types.ts'
import { Context, type Surroundings } from './context.ts'
import { withDeadline } from './deadline.ts'
import type { Answer } from './handler.ts'
import type { Trace } from './trace.ts'

/** Finds the reply to a message. It never rejects: whatever goes wrong is logged once, and nothing is replied. */
export type Dispatch = (message: IncomingMessage, trace?: Trace) => Promise<Reply>

/** The owner's handlers, whatever their sessions look like. */
interface Runnable {
  run(context: Context): Promise<Answer>
}

/** Where handlers run, and for how long. */
export interface DispatchOptions {
  readonly log: Logger
  /** Where the messages are handled: what `ctx` gives the handlers beside the message. */
  readonly surroundings?: Omit<Surroundings, 'signal'>
  /** Milliseconds after which a handler that has not answered is given up. */
  readonly limit: number
  /** Report replies that WeChat would show wrongly. */
  readonly lint: boolean
}

/** Hands messages to the owner's handlers and checks what they return. */
export function createDispatch(app: Runnable, { log, surroundings = {}, limit, lint }: DispatchOptions): Dispatch {
  return async (message, trace) => {
    try {
      const answer = await withDeadline(deadline => {
        const here = {
          ...surroundings,
          trace,
          get signal() {
            return deadline.signal
          },
        }
        return app.run(new Context(message, log, here))
      }, limit)
      const report = (finding: ReplyError) => log.warn(finding.message, { kind: message.kind })
      const reply = checkReply(answer, message.MsgType, report)
      if (lint) lintReply(reply).forEach(report)
      return reply
    } catch (error) {
      if (trace) trace.by = 'error'
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error), { kind: message.kind })
      return none
    }
  }
}
