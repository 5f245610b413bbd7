/** What a dialogue has been told so far. */
export interface Waiting {
  /** The name that the dialogue was registered under. */
  readonly name: string
  /** The XML of the message that began it. */
  readonly start: string
  /** `ctx.match` of the handler that began it. */
  readonly match: readonly string[]
  readonly journal: Journal
  /** The key of the last message that is in the journal. */
  readonly message: string
  /** Milliseconds since 1970. */
  readonly until: number
}

/** The answers to `ask` and the results of `once`, in the order of the calls; null where one is still missing. */
export type Journal = readonly (JournalEntry | null)[]

/** An answer is a text, or the XML of a message. A result may be undefined, which JSON does not know. */
export type JournalEntry = readonly ['ask', string] | readonly ['once', unknown?]

/** Everything that is kept about a follower of one account, in one piece, so that a crash cannot tear it apart. */
export interface FollowerRecord {
  /** `ctx.session`, until so many milliseconds since 1970. */
  readonly session?: { readonly value?: unknown; readonly until: number } | undefined
  readonly dialogue?: Waiting | undefined
  /** The key of the last message that has changed something, and its answer: it may be delivered again. */
  readonly last?: { readonly message: string; readonly answer?: unknown } | undefined
}

/** Milliseconds for which a store keeps a record that nobody needs any more: longer than one message is handled. */
const MARGIN = 60_000

/** What is still valid of a record that was stored. */
export function decodeRecord(text: string | undefined, now: number): FollowerRecord {
  if (text === undefined) return {}
  const { session, dialogue, last } = JSON.parse(text) as FollowerRecord
  const isValid = (part: { readonly until: number } | undefined) => part !== undefined && now < part.until
  return {
    last,
    session: isValid(session) ? session : undefined,
    dialogue: isValid(dialogue) ? dialogue : undefined,
  }
}

/** For how many milliseconds a record is worth storing. */
export function lifetimeOf({ session, dialogue }: FollowerRecord, now: number): number {
  return Math.max(0, (session?.until ?? 0) - now, (dialogue?.until ?? 0) - now) + MARGIN
}
