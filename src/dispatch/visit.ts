import { UsageError } from '../errors.ts'
import { messageKey } from '../message/key.ts'
import { type Follower, type FollowerOptions, forget, openFollower } from '../session/follower.ts'
import type { FollowerRecord, Waiting } from '../session/record.ts'
import { StoreError } from '../store/store-error.ts'
import type { Context } from './context.ts'
import type { Replay } from './dialogue/replay.ts'
import type { Answer } from './handler.ts'

/** What is kept about each follower of each account, and for how long. */
export interface SessionOptions<S> {
  /** The session of a follower of whom nothing is kept. */
  readonly initial: () => S
  /** For how many milliseconds after the follower's last message it is kept; half an hour if not given. */
  readonly ttl?: number
}

const HALF_AN_HOUR = 30 * 60_000

/** One message's time with what is kept about its follower. */
export interface Visit {
  /** `ctx.session`, in an app that has sessions. */
  readonly session?: Slot | undefined
  /** The dialogue that the follower's next message belongs to. */
  dialogue: Waiting | undefined
  /** Whether a handler threw: then `onError` has answered, and what was changed in the session is not kept. */
  failed?: boolean
  /** What a dialogue asks with. */
  readonly replay?: Replay
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Waits until no other message of this follower is being handled. */
  hold(): Promise<void>
  /** Keeps a dialogue at once, until it is known what becomes of the message. */
  saveDialogue(dialogue: Waiting): Promise<void>
}

/** Where `ctx.session` is read and assigned. */
export interface Slot {
  value: unknown
}

/**
 * Handles a message with what is kept about its follower, and keeps what came of it: after an error nothing, but then
 * a dialogue is over. A message whose process was killed after that gets the same answer when it is delivered again.
 * Where the store cannot be read only those handlers fail that need it.
 *
 * @param session undefined in an app that has none
 * @throws what the handlers throw, and FollowerBusyError, FollowerLostError, StoreError
 */
export async function visit(
  context: Context,
  session: SessionOptions<unknown> | undefined,
  handle: () => Promise<Answer>,
): Promise<Answer> {
  const place = placeOf(context)
  const follower = openFollower(place)
  if (context.message.kind === 'event:unsubscribe') {
    const record = await follower.read()
    await forget(place.store, place.account, place.openId)
    // Whatever the handlers do now, nothing is kept.
    context.visit = {
      session: slotOf(record, session),
      dialogue: undefined,
      now: place.now,
      async hold() {},
      async saveDialogue() {},
    }
    return handle()
  }
  try {
    return await handleKeeping(context, follower, place.now, session, handle)
  } finally {
    await follower.release()
  }
}

async function handleKeeping(
  context: Context,
  follower: Follower,
  now: () => number,
  session: SessionOptions<unknown> | undefined,
  handle: () => Promise<Answer>,
): Promise<Answer> {
  let kept: FollowerRecord
  try {
    kept = session ? await follower.hold() : await follower.read()
    if (!session && kept.dialogue && context.message.MsgType !== 'event') kept = await follower.hold()
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    context.log.error(error.message)
    context.visit = visitWithoutStore(error, session, now)
    return handle()
  }
  if (kept.last && kept.last.message === messageKey(context.message)) return kept.last.answer as Answer

  const slot = slotOf(kept, session)
  const before = JSON.stringify(slot?.value)
  const current: Visit = {
    session: slot,
    dialogue: kept.dialogue,
    now,
    async hold() {
      if (!follower.isHeld()) kept = await follower.hold()
    },
    async saveDialogue(dialogue) {
      kept = { ...kept, dialogue }
      await follower.write(kept)
    },
  }
  context.visit = current
  try {
    const answer = await handle()
    const isChanged = slot !== undefined && !current.failed && JSON.stringify(slot.value) !== before
    const isProlonged = slot !== undefined && !current.failed && kept.session !== undefined
    const isNeeded = isChanged || current.dialogue !== kept.dialogue
    if (isNeeded || isProlonged) {
      const until = now() + (session?.ttl ?? HALF_AN_HOUR)
      const written = follower.write({
        session: isChanged || isProlonged ? { value: slot.value, until } : kept.session,
        dialogue: current.dialogue,
        last: { message: messageKey(context.message), answer },
      })
      // A handler that has changed nothing keeps its answer: only the time for which the session lives is lost.
      await (isNeeded ? written : written.catch(error => context.log.warn(String(error))))
    }
    return answer
  } catch (error) {
    // Of two errors the first is the one to report.
    if (current.dialogue !== kept.dialogue) await follower.write({ ...kept, dialogue: undefined }).catch(() => {})
    throw error
  }
}

/** Handlers that need nothing that is kept answer all the same; the others fail when they ask for it. */
function visitWithoutStore(error: StoreError, session: SessionOptions<unknown> | undefined, now: () => number): Visit {
  const fail = () => {
    throw error
  }
  const slot: Slot = Object.defineProperty({ value: undefined }, 'value', { get: fail, set: fail })
  const reject = async () => fail()
  return { session: session && slot, dialogue: undefined, now, hold: reject, saveDialogue: reject }
}

function slotOf({ session: kept }: FollowerRecord, session: SessionOptions<unknown> | undefined): Slot | undefined {
  if (!session) return undefined
  return { value: kept && 'value' in kept ? kept.value : session.initial() }
}

function placeOf({ account, from, surroundings }: Context): FollowerOptions {
  const { store, signal, now = Date.now, random = Math.random } = surroundings
  if (store) return { store, account: account.name, openId: from, signal, now, random }
  throw new UsageError({
    en: 'sessions and dialogues need a store; pass one to the context',
    zh: '会话和对话需要存储（store）；请在创建 context 时传入',
  })
}
