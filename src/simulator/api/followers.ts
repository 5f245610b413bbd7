import type { FollowerAction } from './fake-api.ts'
import { refuse } from './refusal.ts'

/** Somebody who follows the account, or has. */
export interface Follower {
  readonly openid: string
  subscribed: boolean
  /** Milliseconds since 1970. */
  since: number
  remark: string
  readonly tags: Set<number>
  /** The scene of the QR code by which they came; empty for any other way. */
  scene: string
  lastAction: number
  typingUntil: number
  /** What permits messages to them: how many, and until when. */
  readonly windows: Map<Window, { left: number; until: number }>
}

type Window = 'message' | 'tap' | 'follow' | 'scan'

/** The account's followers. */
export interface Followers {
  /** In the order in which they came. */
  readonly following: readonly Follower[]
  /** @throws {ApiRefusal} 40003 */
  known(openid: string): Follower
  find(openid: string): Follower | undefined
  note(action: FollowerAction): void
  /** Takes one message off what may be sent. @throws {ApiRefusal} 40003, 43004, 45015 or 45047 */
  spend(openid: string): void
  /** @throws {ApiRefusal} 40003, 43004, 45080 or 45081 */
  type(openid: string, on: boolean): void
  /** @throws {ApiRefusal} 40003 or 43004 */
  subscribed(openid: string): Follower
}

const MINUTE = 60_000
/** What an action permits ("Customer service messages", since 2023): messages, and milliseconds. */
const PERMITTED: Readonly<Record<Window, { readonly left: number; readonly life: number }>> = {
  message: { left: 5, life: 48 * 60 * MINUTE },
  tap: { left: 3, life: MINUTE },
  follow: { left: 3, life: MINUTE },
  scan: { left: 3, life: MINUTE },
}
const WINDOW_OF: Readonly<Record<string, Window>> = {
  'event:click': 'tap',
  'event:scancode_push': 'tap',
  'event:scancode_waitmsg': 'tap',
  'event:subscribe': 'follow',
  'event:scan': 'scan',
}
/** Milliseconds after an action within which 「对方正在输入」 may be shown, and how long it stays. */
const TYPING_WITHIN = 30_000
const TYPING_LIFE = 15_000

/**
 * Nobody yet. A closure over all of them, and so longer than its parts.
 *
 * @param strangers whether an OpenID that nobody has told of is a follower who has just written
 */
export function createFollowers(now: () => number, strangers: boolean): Followers {
  const all = new Map<string, Follower>()

  function add(openid: string): Follower {
    const follower: Follower = {
      openid,
      subscribed: true,
      since: now(),
      remark: '',
      tags: new Set(),
      scene: '',
      lastAction: now(),
      typingUntil: 0,
      windows: new Map(),
    }
    all.set(openid, follower)
    return follower
  }

  function known(openid: string): Follower {
    const follower = all.get(openid)
    if (follower) return follower
    if (!strangers || !/^[\w-]{6,64}$/.test(openid)) refuse(40003)
    const stranger = add(openid)
    note({ openid, kind: 'text' })
    return stranger
  }

  function note({ openid, kind, eventKey = '' }: FollowerAction): void {
    const follower = all.get(openid) ?? add(openid)
    const name = kind.toLowerCase()
    if (!follower.subscribed) Object.assign(follower, { subscribed: true, since: now() })
    follower.lastAction = now()
    follower.typingUntil = 0
    if (name === 'event:unsubscribe') follower.subscribed = false
    if (name === 'event:subscribe') follower.scene = eventKey.replace(/^qrscene_/, '')
    const window = name.startsWith('event:') ? WINDOW_OF[name] : 'message'
    if (!window) return
    const { left, life } = PERMITTED[window]
    follower.windows.set(window, { left, until: now() + life })
  }

  function subscribed(openid: string): Follower {
    const follower = known(openid)
    return follower.subscribed ? follower : refuse(43004)
  }

  return {
    get following() {
      return [...all.values()].filter(follower => follower.subscribed)
    },
    known,
    find: openid => all.get(openid),
    note,
    subscribed,
    spend(openid) {
      const open = [...subscribed(openid).windows.values()].filter(({ until }) => until > now())
      if (open.length === 0) refuse(45015)
      const window = open.find(({ left }) => left > 0)
      if (!window) refuse(45047)
      window.left--
    },
    type(openid, on) {
      const follower = subscribed(openid)
      if (now() - follower.lastAction > TYPING_WITHIN) refuse(45080)
      if (on && follower.typingUntil > now()) refuse(45081)
      follower.typingUntil = on ? now() + TYPING_LIFE : 0
    },
  }
}
