import type { Reply } from '../../reply/types.ts'
import type { Matched, Query } from '../filter.ts'

/** What can be an answer: everything that a follower writes or sends. */
export type AnswerQuery = Exclude<Query, 'event' | 'unknown' | `event:${string}`>

/** When an answer will do, and what is said when it will not. */
export interface AskOptions<A = string> {
  /** True when it will do; else the question is asked again, below the sentence if this is one. */
  readonly validate?: (answer: A) => boolean | string | Promise<boolean | string>
  /** The line above the question when it is asked again, unless `validate` has said more. */
  readonly retry?: string
}

/** `ask` for one of several. */
export interface ChoiceOptions<O extends string = string> extends AskOptions<O> {
  /** Shown below the question as a numbered list. */
  readonly options: readonly O[]
  /** Whether the options are links: a tap on one sends its number. */
  readonly links?: boolean
}

/** `ask` for a message of one kind, or of several. */
export interface MessageOptions<Q extends AnswerQuery = AnswerQuery> extends AskOptions<Matched<Q>> {
  /** Which messages will do, as in `app.on`. */
  readonly on: Q | readonly Q[]
}

/** Asks the follower; what comes back is the answer, to which a later request leads, in whatever process. */
export interface Ask {
  /** One of several: the follower answers with the number of an option, or with its words. */
  <const O extends string>(question: string | Reply, options: readonly O[] | ChoiceOptions<O>): Promise<O>
  /** A message of this kind: `ctx.ask('A picture, please', { on: 'image' })`. */
  <Q extends AnswerQuery>(question: string | Reply, options: MessageOptions<Q>): Promise<Matched<Q>>
  /** A text, without blanks round it. */
  (question: string | Reply, options?: AskOptions): Promise<string>
}

/**
 * Does something that must not be done again when the dialogue goes on, or that may turn out differently: an order,
 * a look at the clock. Its result comes back as JSON would give it back.
 */
export type Once = <T>(work: () => T | Promise<T>) => Promise<T>

/** The options of any call of `ask`, in one shape. */
export interface AskCall extends AskOptions<never>, Partial<Pick<ChoiceOptions, 'options' | 'links'>> {
  readonly on?: readonly AnswerQuery[]
}
