import type { FollowerMessage } from './follower-message.ts'

/** One call as it happened, without secrets. */
export interface ApiCall {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly method: string
  readonly path: string
  /** Tokens, secrets and codes are `***`. */
  readonly query: string
  /** Secrets are `***`; of an upload its name, type and size. */
  readonly body: string
  readonly status: number
  readonly answer: string
  readonly errcode: number
  readonly milliseconds: number
}

/** An error on demand. */
export interface TroubleRule {
  /** Such as 40001, 42001, 45009, -1, 40164; `stall` never answers; `cut` breaks off in the middle of the answer. */
  readonly trouble: number | 'stall' | 'cut'
  /** The path that it befalls, or how it begins: `/cgi-bin/menu/`; every path if not given. */
  readonly path?: string
  /** How often; for ever if not given. */
  readonly times?: number
}

/** What a follower has done, as far as the API's rules go by it. */
export interface FollowerAction {
  readonly openid: string
  /** As in an exchange: `text`, `event:subscribe`, `event:CLICK` … */
  readonly kind: string
  /** The scene of a QR code, or the key of a menu button. */
  readonly eventKey?: string
}

/** A QR code that the account has made. */
export interface QrCode {
  readonly ticket: string
  /** `scene_str`, or `scene_id` in digits. */
  readonly scene: string
  /** Milliseconds since 1970; absent for a permanent one. */
  readonly expires?: number
  /** What the picture holds. */
  readonly url: string
}

/** A file that was uploaded or that a follower sent. */
export interface StoredMedia {
  readonly mediaId: string
  readonly type: 'image' | 'voice' | 'video' | 'thumb'
  readonly fileName: string
  readonly contentType: string
  readonly bytes: Buffer
}

/** The fake api.weixin.qq.com. */
export interface FakeApi {
  /** `http://127.0.0.1:PORT`, for WEIXIN_API_BASE. */
  readonly url: string
  /** Newest last, the last 1000. */
  readonly calls: readonly ApiCall[]
  /** As `menu/get` gives it: `{ menu: { button }, conditionalmenu? }`; undefined when there is none. */
  readonly menu: unknown
  /** The buttons that this follower sees: of the conditional menu that fits, or of the menu. */
  menuFor(openid: string): readonly unknown[]
  readonly qrCodes: readonly QrCode[]
  /** Those who follow now. */
  readonly followers: readonly string[]
  media(mediaId: string): StoredMedia | undefined
  /** Keeps a file that a follower sends, so that the responder can fetch it; returns its MediaId. */
  addMedia(file: Omit<StoredMedia, 'mediaId'>): string
  /** Tells what a follower has done: whoever does anything but unsubscribe follows, and may be written to. */
  noteAction(action: FollowerAction): void
  /** Errors on demand, until the next such call; undefined ends them. Of several rules the first that fits counts. */
  trouble(rules: TroubleRule | readonly TroubleRule[] | undefined): void
  /** The first rule of those that is not used up. */
  readonly currentTrouble: TroubleRule | undefined
  onCall(listener: (call: ApiCall) => void): () => void
  /** Customer-service and template messages, and 「对方正在输入」. */
  onFollowerMessage(listener: (openid: string, message: FollowerMessage) => void): () => void
  /** When the menu is created or deleted. */
  onMenu(listener: () => void): () => void
  close(): Promise<void>
}
