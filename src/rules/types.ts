import type { ContentView } from '../dispatch/content.ts'
import type { IncomingMessage } from '../message/types.ts'
import type { Reply } from '../reply/types.ts'

/** A message as conditions look at it: what they compare with is prepared once for all rules. */
export interface Heard {
  readonly message: IncomingMessage
  /** Undefined for everything but a text. */
  readonly text: HeardText | undefined
}

/** What a follower has written. */
export interface HeardText {
  /** Without the blanks round it. */
  readonly written: string
  /** The same in small letters. */
  readonly lowerCase: string
}

/** What matched: of a text the match and its groups, of everything else nothing. */
export type Match = readonly string[]

/** One condition of a rule, checked. */
export interface Condition {
  /** The kinds of messages that it can be for, and whether it lets all of these through. */
  readonly kinds: ReadonlySet<IncomingMessage['kind']>
  readonly every: boolean
  /** How many texts a match holds. */
  readonly groups: number
  /** Whether a regular expression runs, which needs a limit of time. */
  readonly regex: boolean
  readonly match: (heard: Heard) => Match | undefined
}

/** A reply as it is written down, to be filled in. */
export type Draft = (view: ContentView) => Reply

/** One rule, checked: any of its conditions, and of its replies one at random. */
export interface Rule {
  readonly conditions: readonly Condition[]
  readonly replies: readonly Draft[]
}
