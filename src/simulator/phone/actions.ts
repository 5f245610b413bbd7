import { WeixinError } from '../../errors.ts'
import type { FakeApi, TroubleRule } from '../api/fake-api.ts'
import type { Mode, Trouble } from '../exchange.ts'
import type { Platform, RunningExchange } from '../platform.ts'
import type { PlatformMessage } from '../pushed-message.ts'
import { readRecording } from '../recording.ts'
import { PhoneError } from './answer.ts'
import type { Audience } from './audience.ts'
import type { Conversations } from './conversations.ts'
import { buttonAt, type TapGiven, tapEvent } from './menu-tap.ts'
import { menuTapped, type Shown } from './notices.ts'
import { type Details, numbersOf, oneOf, textOf } from './read-json.ts'
import { readRecorded } from './recorded.ts'
import { messageOf, readContent } from './sent.ts'
import type { MenuButton, SentContent } from './state.ts'

/** What the actions of the page work on. */
export interface Stage {
  readonly platform: Platform
  readonly api: FakeApi
  readonly conversations: Conversations
  readonly audience: Audience
  readonly modes: readonly Mode[]
  /** The address under which the responder can fetch a picture. */
  picture(mediaId: string): string
  /** Told when there is somebody new, who sees a menu as well. */
  joined(): void
  /** Told when the fake API begins or ends to make mistakes. */
  troubled(): void
}

/**
 * What the page can do, by name. Each gets what the page sent along and gives back what the page needs to know: nothing, as the
 * promise of the end, where the page sees by itself what comes of it.
 */
export type Actions = Readonly<Record<string, (details: Details) => object>>

const TROUBLES: readonly Trouble[] = ['slow-network', 'wrong-signature', 'replay', 'duplicate', 'garbage']

/**
 * A closure over the stage and what each follower did last, and so longer than its parts.
 *
 * @returns actions that throw a WeixinError for what cannot be done
 */
export function createActions(stage: Stage): Actions {
  const { platform, api, conversations, audience } = stage
  /** What each follower did last, which trouble on demand does again. */
  const last = new Map<string, PlatformMessage>()

  /** Shows how it ends. */
  function watch({ done }: RunningExchange): Promise<void> {
    return done.then(exchange => conversations.settle(exchange))
  }

  /** Pushes what a follower does, and shows it: as it was recorded, if nothing else is given. */
  function act(message: PlatformMessage, shown?: Shown): Promise<void> {
    const running = platform.push(message)
    const { id, openid, kind, xml } = running.begun
    const recorded = readRecorded(xml)
    if (kind === 'event:subscribe' || kind === 'event:unsubscribe') {
      conversations.setFollowed(openid, kind === 'event:subscribe')
    }
    api.noteAction({ openid, kind, eventKey: recorded.eventKey })
    last.set(openid, message)
    conversations.add({ openid, exchange: id, ...(shown ?? recorded.shown) })
    return watch(running)
  }

  function send(openid: string, content: SentContent, menuId?: unknown): Promise<void> {
    const message = messageOf(openid, content, stage.picture)
    const fields = typeof menuId === 'string' ? { bizmsgmenuid: menuId } : {}
    return act({ ...message, fields }, { from: 'follower', content })
  }

  function scan(openid: string, scene: string): object {
    const ticket = api.qrCodes.find(code => code.scene === scene)?.ticket ?? `gQ-simulated-${scene}`
    const { followed } = conversations.follower(openid)
    const [kind, key] = followed ? ['event:SCAN', scene] : ['event:subscribe', `qrscene_${scene}`]
    return act({ kind, openid, values: [key], fields: { Ticket: ticket } })
  }

  function tap(openid: string, details: Details): object {
    const button = buttonAt(api.menuFor(openid) as readonly MenuButton[], numbersOf(details, 'path'))
    const given = details as TapGiven
    const shown = menuTapped(button.name)
    const event = tapEvent(openid, button, given)
    if (!event) return sendMaterial(openid, button, shown)
    // What was chosen follows the event, as messages of their own.
    const chosen = [
      ...(given.pictures ?? []).map(({ mediaId }) => ({ type: 'image', mediaId })),
      ...(given.place ? [{ type: 'location', ...given.place }] : []),
    ].map(readContent)
    return act(event, shown).then(() => {
      for (const content of chosen) send(openid, content)
    })
  }

  /** WeChat sends the material of such a button by itself, and the account hears nothing of it. */
  function sendMaterial(openid: string, { media_id: mediaId }: MenuButton, shown: Shown): object {
    conversations.add({ openid, ...shown })
    if (mediaId !== undefined) conversations.add({ openid, from: 'account', content: { type: 'image', mediaId } })
    return {}
  }

  function trouble(openid: string, kind: Trouble): object {
    const former = last.get(openid)
    if (!former) throw new PhoneError({ en: 'send something first', zh: '请先发送一条消息' })
    return watch(platform.push(former, kind))
  }

  return {
    send: details => send(textOf(details, 'openid'), readContent(details), details['menuId']),
    follow: details => act({ kind: 'event:subscribe', openid: textOf(details, 'openid') }),
    unfollow: details => act({ kind: 'event:unsubscribe', openid: textOf(details, 'openid') }),
    scan: details => scan(textOf(details, 'openid'), textOf(details, 'scene')),
    'report-location': details => {
      const position = { Latitude: textOf(details, 'latitude'), Longitude: textOf(details, 'longitude') }
      const fields = { ...position, Precision: '42.500000' }
      return act({ kind: 'event:LOCATION', openid: textOf(details, 'openid'), fields })
    },
    menu: details => tap(textOf(details, 'openid'), details),
    follower: () => {
      const made = conversations.addFollower()
      stage.joined()
      return made
    },
    mode: details => {
      const mode = oneOf(details, 'mode', ['plain', 'compatible', 'safe'] as const)
      if (!stage.modes.includes(mode)) throw needsKey()
      platform.mode = mode
      audience.tell('mode', mode)
      return {}
    },
    'access-check': () => platform.accessCheck().done.then(() => {}),
    trouble: details => trouble(textOf(details, 'openid'), oneOf(details, 'trouble', TROUBLES)),
    again: details => watch(platform.replay(textOf(details, 'exchange'))),
    'api-trouble': details => {
      const { trouble: kind, times } = details
      const rule: TroubleRule | undefined =
        kind === 'stall' || typeof kind === 'number'
          ? { trouble: kind, ...(typeof times === 'number' && { times }) }
          : undefined
      api.trouble(rule)
      stage.troubled()
      return {}
    },
    recording: details => {
      const messages = readRecording(textOf(details, 'text'))
      replayAll(messages).catch(error => {
        if (!(error instanceof WeixinError)) throw error
        audience.tell('remark', { en: error.message, zh: error.zh })
      })
      return { count: messages.length }
    },
  }

  /** One after the other, as they came. */
  async function replayAll(messages: readonly PlatformMessage[]): Promise<void> {
    for (const message of messages) {
      const done = act(message)
      stage.joined()
      await done
    }
  }
}

function needsKey(): PhoneError {
  return new PhoneError({
    en: 'the responder is not ours: for this mode put its "appId" and "aesKey" into the configuration',
    zh: '被测服务不是本程序启动的：使用该模式需要在配置中填写它的 "appId" 和 "aesKey"',
  })
}
