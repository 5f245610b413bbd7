import type { IncomingMessage } from '../message/types.ts'
import type { Reply } from '../reply/types.ts'
import type { Middleware } from './compose.ts'
import type { Context } from './context.ts'

/** What a handler returns *is* the reply: a string means text, nothing means handled without a reply. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that only does something is a handler too
export type Answer = string | Reply | null | undefined | void

/**
 * Answers a message, or passes it on with `return next()`.
 *
 * @typeParam M the messages that it is for
 * @typeParam S what `ctx.session` is
 */
export type Handler<M extends IncomingMessage = IncomingMessage, S = unknown> = Middleware<Context<M, S>, Answer>

/** What becomes of an error that a handler threw; what it returns is the reply. */
export type ErrorHandler<S = unknown> = (
  error: unknown,
  context: Context<IncomingMessage, S>,
) => Answer | Promise<Answer>
