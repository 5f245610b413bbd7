import { UsageError } from '../errors.ts'
import type { IncomingMessage, MessageOf } from '../message/types.ts'
import { compose } from './compose.ts'
import type { Context } from './context.ts'
import { createDialogues, type DialogueOptions, type Dialogues, type Script } from './dialogue/dialogue.ts'
import { checkQuery, type Matched, matches, type Query } from './filter.ts'
import type { Answer, ErrorHandler, Handler } from './handler.ts'
import { hear, type Trigger } from './hears.ts'
import { type SessionOptions, visit } from './visit.ts'

/** What the handlers of an app have in common, whatever account they are for. */
interface Shared {
  readonly session: SessionOptions<unknown> | undefined
  readonly dialogues: Dialogues
  readonly accounts: Set<string>
}

/** The owner's handlers, in the order in which they were written down. The first that does not pass on answers. */
export class Composer<S = unknown> {
  readonly #shared: Shared
  readonly #layers: Handler[] = []
  #errorHandler: ErrorHandler | undefined

  constructor(shared: Shared) {
    this.#shared = shared
  }

  /**
   * Handlers for everything. `return next()` passes on; around it there is room for what must always happen. Above all
   * `on` and `hears` they see every message; below, those that no dialogue waits for.
   */
  use(...handlers: Handler<IncomingMessage, S>[]): this {
    this.#layers.push(...(handlers as Handler[]))
    return this
  }

  /**
   * Handlers for the messages that a query, or one of several, lets through; `ctx.message` has their type.
   *
   * @throws {UsageError} for a misspelt query, listing the permitted ones
   */
  on<Q extends Query>(query: Q | readonly Q[], ...handlers: Handler<Matched<Q>, S>[]): this {
    const queries: readonly Query[] = typeof query === 'string' ? [query] : query
    for (const each of queries) checkQuery(each)
    const inner = composeNarrowed(handlers)
    return this.#add((context, next) =>
      queries.some(each => matches(each, context.message)) ? inner(context, next) : next(),
    )
  }

  /**
   * Handlers for texts: a string is the whole text, blanks round it and capitals aside; a regular expression is
   * searched for, and its groups are in `ctx.match`; of several the first that fits counts.
   */
  hears(trigger: Trigger | readonly Trigger[], ...handlers: Handler<MessageOf<'text'>, S>[]): this {
    const triggers = typeof trigger === 'string' || trigger instanceof RegExp ? [trigger] : trigger
    const inner = composeNarrowed(handlers)
    return this.#add((context, next) => {
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

  /**
   * Handlers, in this place, for the messages to one account; there are none in it yet. Its `onError` is asked about
   * their errors, and those of the handlers that they pass on to.
   *
   * @param name the account's name in the configuration; `default` where there is only one
   */
  account(name: string): Composer<S> {
    const inner = new Composer<S>(this.#shared)
    this.#shared.accounts.add(name)
    this.#add((context, next) => (context.account.name === name ? inner.#handle(context, next) : next()))
    return inner
  }

  /**
   * A handler that begins a dialogue, in which `ctx.ask` asks the follower. Until it ends it gets his messages before
   * the other handlers do; events go their usual way. Beginning another one ends it.
   *
   * @param name by it other processes find the dialogue; with a new name, those who are in it are told to begin again
   * @throws {UsageError} when there is one of this name
   */
  dialogue(name: string, script: Script<S>): Handler {
    return this.#shared.dialogues.add(name, script as Script)
  }

  /** What is done with an error that a handler throws; without it the error is logged and nothing is replied. */
  onError(handler: ErrorHandler<S>): this {
    this.#errorHandler = handler as ErrorHandler
    return this
  }

  /**
   * @param configured the names of all accounts
   * @throws {UsageError} when there are handlers for an account that is none of them
   */
  checkAccounts(configured: readonly string[]): void {
    for (const name of this.#shared.accounts) {
      if (configured.includes(name)) continue
      throw new UsageError({
        en: `account(${JSON.stringify(name)}): no such account in the configuration; there are: ${configured.join(', ')}`,
        zh: `account(${JSON.stringify(name)})：配置中没有这个账号；现有：${configured.join('、')}`,
      })
    }
  }

  /**
   * Runs the handlers. When the follower has left, what was kept about him is erased.
   *
   * @throws what a handler threw, when there is no `onError`; and StoreError, FollowerBusyError, FollowerLostError
   */
  async run(context: Context): Promise<Answer> {
    const { session, dialogues } = this.#shared
    const handle = () => this.#handle(context, async () => undefined)
    const keeps = session !== undefined || dialogues.size > 0
    const leaves = context.message.kind === 'event:unsubscribe' && context.surroundings.store !== undefined
    return keeps || leaves ? visit(context, session, handle) : handle()
  }

  #add(handler: Handler): this {
    const { resume } = this.#shared.dialogues
    if (!this.#layers.includes(resume)) this.#layers.push(resume)
    this.#layers.push(handler)
    return this
  }

  async #handle(context: Context, next: () => Promise<Answer>): Promise<Answer> {
    try {
      return await compose(this.#layers)(context, next)
    } catch (error) {
      if (!this.#errorHandler) throw error
      if (context.visit) context.visit.failed = true
      return this.#errorHandler(error, context)
    }
  }
}

/** A condition before them has looked at the message; the compiler cannot carry that over into the handlers' type. */
function composeNarrowed<M extends IncomingMessage, S>(handlers: readonly Handler<M, S>[]): Handler {
  return compose(handlers as readonly Handler<never>[]) as Handler
}

/** What an app keeps about its followers, and says in its dialogues. */
export interface AppOptions<S> {
  /** What is kept about each follower of each account, as `ctx.session`. */
  readonly session?: SessionOptions<S>
  /** The words of dialogues, and how long they wait. */
  readonly dialogue?: DialogueOptions
}

/**
 * An empty set of handlers.
 *
 * @throws {UsageError} when a `ttl` is not a number of milliseconds over 0
 */
export function createApp<S = unknown>({ session, dialogue }: AppOptions<S> = {}): Composer<S> {
  checkTtl('session', session?.ttl)
  checkTtl('dialogue', dialogue?.ttl)
  return new Composer({ session, dialogues: createDialogues(dialogue), accounts: new Set() })
}

function checkTtl(where: string, ttl = 1): void {
  if (Number.isFinite(ttl) && ttl > 0) return
  throw new UsageError({
    en: `createApp({ ${where}: { ttl: ${ttl} } }): ttl is milliseconds, more than 0`,
    zh: `createApp({ ${where}: { ttl: ${ttl} } })：ttl 是毫秒数，必须大于 0`,
  })
}
