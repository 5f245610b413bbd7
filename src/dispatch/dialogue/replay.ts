import type { IncomingMessage } from '../../message/types.ts'
import type { Reply } from '../../reply/types.ts'
import type { JournalEntry } from '../../session/record.ts'
import type { Answer } from '../handler.ts'
import { readAnswer, recallAnswer, textOf } from './answer.ts'
import type { Ask, AskCall, Once } from './ask.ts'
import { pose, readAskOptions } from './question.ts'

/** What `ctx.ask` and `ctx.once` are inside a dialogue. */
export interface Replay {
  readonly ask: Ask
  readonly once: Once
}

/** How far a dialogue got. */
export type Outcome =
  | { readonly kind: 'asked'; readonly question: string | Reply }
  | { readonly kind: 'finished'; readonly answer: Answer }
  /** The follower has said so; or the script no longer asks what was answered. */
  | { readonly kind: 'left' | 'restarted' | 'changed' }

/** How far the dialogue was, and what has come since. */
export interface ReplayOptions {
  /** What was recorded so far; what happens now is added. */
  readonly journal: (JournalEntry | null)[]
  /** The answer to the first question that has none in the journal. */
  readonly answer: IncomingMessage | undefined
  /** What a text means that is not one of the options. */
  readonly command: (text: string) => 'left' | 'restarted' | undefined
  /** Stores the journal at once: something was done that must not be done again. */
  readonly save: () => Promise<void>
}

/**
 * Runs a dialogue from its beginning, with what was recorded, to its end or to the first question without an answer.
 * There it stays: no `catch` and no `finally` of it runs, and nothing holds it in memory.
 *
 * @throws what the script throws
 */
export async function replay(script: (replay: Replay) => Promise<Answer>, options: ReplayOptions): Promise<Outcome> {
  const works: Promise<unknown>[] = []
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      const finish = (answer: Answer) => resolve({ kind: 'finished', answer })
      script(createReplay(options, works, resolve)).then(finish, reject)
    })
  } finally {
    // A script may do something and ask at the same time.
    await Promise.allSettled(works)
  }
}

type AskArguments = Parameters<typeof readAskOptions>[0]

function createReplay(
  { journal, answer, command, save }: ReplayOptions,
  works: Promise<unknown>[],
  stop: (outcome: Outcome) => void,
): Replay {
  let position = 0
  let unheard = answer
  let lastAsked: Promise<unknown> = Promise.resolve()

  function stopAt(outcome: Outcome): Promise<never> {
    stop(outcome)
    // A new one each time: one for all would remember everybody who waits for it.
    return new Promise(() => {})
  }

  async function answerTo(index: number, question: string | Reply, call: AskCall): Promise<unknown> {
    const entry = journal[index]
    if (entry) return entry[0] === 'ask' ? recallAnswer(entry[1], call) : stopAt({ kind: 'changed' })
    const message = unheard
    unheard = undefined
    if (!message) return stopAt({ kind: 'asked', question: pose(question, call) })
    const given = readAnswer(message, call)
    const meaning = given && call.options ? undefined : command(textOf(message))
    if (meaning) return stopAt({ kind: meaning })
    const complaint = given ? await objectionTo(given.value, call) : (call.retry ?? '')
    if (!given || complaint !== undefined) return stopAt({ kind: 'asked', question: pose(question, call, complaint) })
    journal[index] = ['ask', given.recorded]
    return given.value
  }

  function ask(question: string | Reply, options?: AskArguments): Promise<unknown> {
    const index = position++
    const call = readAskOptions(options)
    // One after the other, even for a script that asks several at once.
    lastAsked = lastAsked.then(() => answerTo(index, question, call))
    return lastAsked
  }

  async function resultOf(index: number, work: () => unknown): Promise<unknown> {
    const entry = journal[index]
    if (entry) return entry[0] === 'once' ? entry[1] : stopAt({ kind: 'changed' })
    const json = JSON.stringify(await work())
    const result: JournalEntry = json === undefined ? ['once'] : ['once', JSON.parse(json)]
    journal[index] = result
    await save()
    return result[1]
  }

  function once(work: () => unknown): Promise<unknown> {
    const index = position++
    const result = resultOf(index, work)
    if (!journal[index]) works.push(result)
    return result
  }

  // What comes back is what the options and the work say; the journal hides it from the compiler.
  return { ask: ask as Ask, once: once as Once }
}

/** What is wrong with an answer; undefined when it will do. */
async function objectionTo(value: unknown, { validate, retry = '' }: AskCall): Promise<string | undefined> {
  const verdict = validate ? await validate(value as never) : true
  if (verdict === true) return undefined
  return typeof verdict === 'string' ? verdict : retry
}
