import { UsageError } from '../../errors.ts'
import { messageKey } from '../../message/key.ts'
import type { IncomingMessage } from '../../message/types.ts'
import type { JournalEntry, Waiting } from '../../session/record.ts'
import { Context } from '../context.ts'
import type { Answer, Handler } from '../handler.ts'
import type { Visit } from '../visit.ts'
import { isOneOf, readMessage } from './answer.ts'
import { replay } from './replay.ts'

/**
 * What is said in a dialogue, from its first question to the answer that ends it. It is run again from its beginning
 * with every message, so what it does besides asking belongs into `ctx.once`. `ctx.message` and `ctx.match` are those
 * it began with; what it changes in `ctx.session` is kept when it ends.
 */
export type Script<S = unknown> = (context: Context<IncomingMessage, S>) => Answer | Promise<Answer>

/** How long the questions of an app's dialogues wait, and the words about them. */
export interface DialogueOptions {
  /** For how many milliseconds a question waits for its answer; ten minutes if not given. */
  readonly ttl?: number
  /** The words that leave a dialogue, where they are not one of the options: 退出 取消 cancel quit. */
  readonly leave?: readonly string[]
  /** The words with which it begins again: 重来 restart. */
  readonly restart?: readonly string[]
  /** What a follower reads who has left. */
  readonly left?: string
  /** What a follower reads whose dialogue is no longer what it was, because the program has changed. */
  readonly changed?: string
}

const DEFAULTS: Required<DialogueOptions> = {
  ttl: 10 * 60_000,
  leave: ['退出', '取消', 'cancel', 'quit'],
  restart: ['重来', 'restart'],
  left: '好的，已退出。',
  changed: '抱歉，刚才的对话已失效，请重新开始。',
}

/** The dialogues of an app, by name: what one process has begun, the next one finds there. */
export interface Dialogues {
  readonly size: number
  /** A handler that begins the dialogue. @throws {UsageError} when there is one of this name */
  add(name: string, script: Script): Handler
  /** Gives the message to the dialogue that waits for it; passes on events, and what nobody waits for. */
  readonly resume: Handler
}

/** Those of one app, none yet. */
export function createDialogues(given: DialogueOptions = {}): Dialogues {
  const program: Program = { scripts: new Map(), options: { ...DEFAULTS, ...given } }
  return {
    get size() {
      return program.scripts.size
    },
    add(name, script) {
      if (program.scripts.has(name)) throw nameTaken(name)
      program.scripts.set(name, script)
      return context => begin(program, name, context)
    },
    resume: (context, next) => resume(program, context, next),
  }
}

/** What the owner has written down. */
interface Program {
  readonly scripts: Map<string, Script>
  readonly options: Required<DialogueOptions>
}

/** A dialogue that has begun, and what is recorded of it. */
type Begun = Omit<Waiting, 'message' | 'until'>

async function resume(program: Program, context: Context, next: () => Promise<Answer>): Promise<Answer> {
  const waiting = context.visit?.dialogue
  if (!waiting || context.message.MsgType === 'event') return next()
  // A process that had recorded this very message was killed before it could answer.
  const isRecorded = waiting.message === messageKey(context.message)
  return advance(program, context, waiting, isRecorded ? undefined : context.message)
}

async function begin(program: Program, name: string, context: Context): Promise<Answer> {
  const visit = visitOf(context, name)
  // A dialogue that is all there is gets the answers to its own questions as well.
  if (visit.dialogue?.name === name && context.message.MsgType !== 'event') {
    return resume(program, context, async () => undefined)
  }
  await visit.hold()
  const { match, message } = context
  return advance(program, context, { name, start: message.raw, match, journal: [] }, undefined)
}

/** Runs a dialogue as far as it goes, and lets it wait for its next answer. */
async function advance(
  program: Program,
  context: Context,
  waiting: Begun,
  answer: IncomingMessage | undefined,
): Promise<Answer> {
  const { name } = waiting
  const { scripts, options } = program
  const visit = visitOf(context, name)
  const script = scripts.get(name)
  const journal: (JournalEntry | null)[] = [...waiting.journal]
  const message = messageKey(context.message)
  const soFar = (): Waiting => ({ ...waiting, journal, message, until: visit.now() + options.ttl })
  // Unless it asks again it is over, after an error too.
  visit.dialogue = undefined
  if (!script) return changed(options, context, name)
  const session = visit.session && { value: copyOf(visit.session.value) }
  const outcome = await replay(async replay => script(onStage(context, waiting, { ...visit, session, replay })), {
    journal,
    answer,
    command: text => commandIn(text, options),
    save: () => visit.saveDialogue(soFar()),
  })
  switch (outcome.kind) {
    case 'asked':
      visit.dialogue = soFar()
      return outcome.question
    case 'finished':
      if (visit.session && session) visit.session.value = session.value
      return outcome.answer
    case 'restarted':
      return advance(program, context, { ...waiting, journal: [] }, undefined)
    case 'left':
      return options.left
    case 'changed':
      return changed(options, context, name)
  }
}

function commandIn(text: string, { leave, restart }: Required<DialogueOptions>): 'left' | 'restarted' | undefined {
  if (isOneOf(leave, text)) return 'left'
  return isOneOf(restart, text) ? 'restarted' : undefined
}

function changed(options: Required<DialogueOptions>, context: Context, name: string): Answer {
  context.log.warn('a dialogue was ended: the program has changed since it began', { dialogue: name })
  return options.changed
}

/** The context of a dialogue: with the message that began it, however often it is run. */
function onStage(context: Context, { start, match }: Begun, visit: Visit): Context {
  const staged = new Context(readMessage(start), context.log, context.surroundings)
  staged.match = match
  staged.visit = visit
  return staged
}

/** A run that ends with a question must leave no trace in the session: the next one makes the same changes again. */
function copyOf(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

function visitOf({ visit }: Context, name: string): Visit {
  if (visit && !visit.replay) return visit
  throw new UsageError({
    en: `dialogue(${JSON.stringify(name)}) was begun inside another dialogue, or in another app; call it as a handler of its own app`,
    zh: `dialogue(${JSON.stringify(name)})：不能在另一个对话或另一个应用中开始；请作为其所属应用的处理函数使用`,
  })
}

function nameTaken(name: string): UsageError {
  return new UsageError({
    en: `dialogue(${JSON.stringify(name)}): there is one of this name already; by its name it is found again`,
    zh: `dialogue(${JSON.stringify(name)})：已有同名对话；程序靠名称找回对话，请换一个名称`,
  })
}
