import type { Bilingual } from '../../errors.ts'
import type { ApiCall, QrCode, TroubleRule } from '../api/fake-api.ts'
import type { FollowerMessage } from '../api/follower-message.ts'
import type { Exchange, Mode } from '../exchange.ts'

/** One of the people whom the phone can act as. */
export interface Follower {
  readonly openid: string
  readonly nickname: string
  readonly followed: boolean
}

/** What a follower sends. */
export type SentContent =
  | { readonly type: 'text'; readonly content: string }
  | { readonly type: 'image'; readonly mediaId: string }
  | { readonly type: 'video' | 'shortvideo'; readonly mediaId: string }
  | { readonly type: 'voice'; readonly mediaId: string; readonly seconds?: number }
  | { readonly type: 'location'; readonly latitude: string; readonly longitude: string; readonly label: string }
  | { readonly type: 'link'; readonly title: string; readonly description: string; readonly url: string }

/** A grey line in the middle of the chat: what happened, or the error line that followers see. */
export interface NoticeContent {
  readonly type: 'notice'
  readonly text: Bilingual
  readonly failed?: true
}

/** One line of a chat. */
export interface Line {
  readonly id: string
  readonly openid: string
  readonly from: 'follower' | 'account' | 'notice'
  /** Milliseconds since 1970. */
  readonly at: number
  readonly content: SentContent | Exclude<FollowerMessage, { readonly type: 'typing' }> | NoticeContent
  /** The exchange that it belongs to. */
  readonly exchange?: string
  /** It came by way of the API, not as a passive reply. */
  readonly custom?: true
  /** The content types of those media that this machine holds, by media id. */
  readonly media?: Readonly<Record<string, string>>
}

/** A button of the account's menu, under WeChat's own names. */
export interface MenuButton {
  readonly name: string
  readonly type?: string
  readonly key?: string
  readonly url?: string
  readonly pagepath?: string
  readonly media_id?: string
  readonly sub_button?: readonly MenuButton[]
}

/** What changes while a page listens, by the name of the event that tells it. */
export interface Changes {
  readonly line: Line
  readonly exchange: Exchange
  readonly follower: Follower
  readonly call: ApiCall
  /** By follower, because a conditional menu is for some only. */
  readonly menus: Readonly<Record<string, readonly MenuButton[]>>
  readonly qrCodes: readonly QrCode[]
  readonly mode: Mode
  /** The followers to whom the account is typing. */
  readonly typing: readonly string[]
  /** What the API does wrong on demand. */
  readonly apiTrouble: TroubleRule | null
  /** What could not be done, where nobody waits for an answer. */
  readonly remark: Bilingual
}

/** Everything that a page shows, as it is when the page begins to listen. */
export interface Snapshot extends Omit<Changes, 'line' | 'exchange' | 'follower' | 'call' | 'remark'> {
  readonly account: { readonly userName: string; readonly appId: string }
  /** The URL or the script that is tried. */
  readonly target: string
  /** The modes that the responder has a key for. */
  readonly modes: readonly Mode[]
  readonly followers: readonly Follower[]
  readonly lines: readonly Line[]
  readonly exchanges: readonly Exchange[]
  readonly calls: readonly ApiCall[]
}
