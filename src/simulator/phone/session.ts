import { createHash } from 'node:crypto'
import type { FakeApi } from '../api/fake-api.ts'
import type { Mode, SimulatedAccount } from '../exchange.ts'
import type { Platform } from '../platform.ts'
import { type Actions, createActions } from './actions.ts'
import type { Audience } from './audience.ts'
import { createConversations } from './conversations.ts'
import type { ComposedMessage } from './sent.ts'
import type { Changes, MenuButton, Snapshot } from './state.ts'

/** The platform, and the responder that is tried. */
export interface SessionOptions {
  readonly platform: Platform
  readonly api: FakeApi
  readonly account: Pick<SimulatedAccount, 'userName' | 'appId'>
  /** The URL or the script that is tried, as the page shows it. */
  readonly target: string
  /** Those that the responder has a key for. */
  readonly modes: readonly Mode[]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Everything that happens on the phone from its start to its end. */
export interface Session {
  readonly actions: Actions
  snapshot(): Snapshot
  end(): void
}

/**
 * Brings platform, API and followers together, and tells the audience of every change. It is long because everything that
 * listens to something else is told so here.
 *
 * @param seed what the followers' OpenIDs are made of
 * @param picture the address under which the responder can fetch a picture
 */
export function createSession(
  options: SessionOptions,
  audience: Audience,
  seed: string,
  picture: (mediaId: string) => string,
): Session {
  const { platform, api, account, target, modes, now } = options
  let typing: readonly string[] = []
  let apiTrouble: Changes['apiTrouble'] = null

  const conversations = createConversations({
    now,
    openid: number => openidOf(seed, number),
    mediaType: mediaId => api.media(mediaId)?.contentType,
    tell: audience.tell,
  })
  for (const { openid, followed } of conversations.followers) {
    if (followed) api.noteAction({ openid, kind: 'event:subscribe' })
  }

  const menus = (): Changes['menus'] =>
    Object.fromEntries(
      conversations.followers.map(({ openid }) => [openid, api.menuFor(openid) as readonly MenuButton[]]),
    )

  let toldMenus = JSON.stringify(menus())
  /** Only what is new: a page that gets menus may be in the middle of a word. */
  function tellMenus(): void {
    const seen = menus()
    if (JSON.stringify(seen) === toldMenus) return
    toldMenus = JSON.stringify(seen)
    audience.tell('menus', seen)
  }

  function tellTrouble(): void {
    const current = api.currentTrouble ?? null
    if (current === apiTrouble) return
    apiTrouble = current
    audience.tell('apiTrouble', current)
  }

  const actions = createActions({
    platform,
    api,
    conversations,
    audience,
    modes,
    picture,
    joined: tellMenus,
    troubled: tellTrouble,
  })

  function setTyping(openid: string, on: boolean): void {
    typing = typing.filter(each => each !== openid).concat(on ? openid : [])
    audience.tell('typing', typing)
  }

  const ends = [
    platform.subscribe(exchange => audience.tell('exchange', exchange)),
    api.onMenu(tellMenus),
    api.onCall(call => {
      audience.tell('call', call)
      // A call may have made a QR code, or put a follower into a group that has a menu of its own.
      audience.tell('qrCodes', api.qrCodes)
      tellMenus()
      // Or have used up an error that was wanted once.
      tellTrouble()
    }),
    api.onFollowerMessage((openid, message) => {
      if (message.type === 'typing') return setTyping(openid, message.on)
      setTyping(openid, false)
      conversations.receive(openid, message)
      if (message.type === 'template') platform.push(templateDelivered(openid, message.msgId))
    }),
  ]

  return {
    actions,
    snapshot() {
      const { followers, lines } = conversations
      const { mode, exchanges } = platform
      const { calls, qrCodes } = api
      const { userName, appId } = account
      const lists = { followers, lines, exchanges, calls, qrCodes }
      return { account: { userName, appId }, target, mode, modes, ...lists, menus: menus(), typing, apiTrouble }
    },
    end() {
      for (const end of ends) end()
    },
  }
}

/** What WeChat tells the account when a template message has arrived. */
function templateDelivered(openid: string, msgId: string): ComposedMessage {
  return { kind: 'event:TEMPLATESENDJOBFINISH', openid, fields: { MsgID: msgId, Status: 'success' } }
}

function openidOf(seed: string, number: number): string {
  const digest = createHash('sha256').update(`${seed} ${number}`).digest('base64url')
  return `oSim${digest.slice(0, 24)}`
}
