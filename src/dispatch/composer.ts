import type { IncomingMessage, MessageOf } from '../message/types.ts'
import type { Reply } from '../reply/types.ts'
import { compose, type Middleware } from './compose.ts'
import type { Context } from './context.ts'
import { checkQuery, type Matched, matches, type Query } from './filter.ts'
import { hear, type Trigger } from './hears.ts'

/** What a handler returns *is* the reply: a string means text, nothing means handled without a reply. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that only does something is a handler too
export type Answer = string | Reply | null | undefined | void

export type Handler<M extends IncomingMessage = IncomingMessage> = Middleware<Context<M>, Answer>

/** What becomes of an error that a handler threw; what it returns is the reply. */
export type ErrorHandler = (error: unknown, context: Context) => Answer | Promise<Answer>

/** The owner's handlers, in the order in which they were written down. The first that does not pass on answers. */
export class Composer {
  readonly #layers: Handler[] = []
  #errorHandler: ErrorHandler | undefined

  /** Handlers for everything. `return next()` passes on; around it there is room for what must always happen. */
  use(...handlers: Handler[]): this {
    this.#layers.push(...handlers)
    return this
  }

  /**
   * Handlers for the messages that a query, or one of several, lets through; `ctx.message` has their type.
   *
   * @throws {UsageError} for a misspelt query, listing the permitted ones
   */
  on<Q extends Query>(query: Q | readonly Q[], ...handlers: Handler<Matched<Q>>[]): this {
    const queries: readonly Query[] = typeof query === 'string' ? [query] : query
    for (const each of queries) checkQuery(each)
    const inner = composeNarrowed(handlers)
    return this.use((context, next) =>
      queries.some(each => matches(each, context.message)) ? inner(context, next) : next(),
    )
  }

  /**
   * Handlers for texts: a string is the whole text, blanks round it and capitals aside; a regular expression is
   * searched for, and its groups are in `ctx.match`; of several the first that fits counts.
   */
  hears(trigger: Trigger | readonly Trigger[], ...handlers: Handler<MessageOf<'text'>>[]): this {
    const triggers = typeof trigger === 'string' || trigger instanceof RegExp ? [trigger] : trigger
    const inner = composeNarrowed(handlers)
    return this.use((context, next) => {
      const match = context.message.kind === 'text' && hear(triggers, context.message.Content)
      if (!match) return next()
      const before = context.match
      context.match = match
      return inner(context, () => {
        // The handlers below have not heard it; the one that waits for their answer has.
        context.match = before
        return next().finally(() => {
          context.match = match
        })
      })
    })
  }

  /** What is done with an error that a handler throws; without it the error is logged and nothing is replied. */
  onError(handler: ErrorHandler): this {
    this.#errorHandler = handler
    return this
  }

  /** Runs the handlers. @throws what a handler threw, when there is no `onError` */
  async run(context: Context): Promise<Answer> {
    try {
      return await compose(this.#layers)(context, async () => undefined)
    } catch (error) {
      if (!this.#errorHandler) throw error
      return this.#errorHandler(error, context)
    }
  }
}

/** A condition before them has looked at the message; the compiler cannot carry that over into the handlers' type. */
function composeNarrowed<M extends IncomingMessage>(handlers: readonly Handler<M>[]): Handler {
  return compose(handlers as readonly Handler<never>[]) as Handler
}

/** An empty set of handlers. */
export function createApp(): Composer {
  return new Composer()
}
