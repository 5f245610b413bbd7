/** A text; `<a href="…">` links work, a line break is a real line feed. */
export interface TextReply {
  readonly MsgType: 'text'
  readonly Content: string
}

/** A picture, jpg or png, by the MediaId of uploaded material or of the follower's own message. */
export interface ImageReply {
  readonly MsgType: 'image'
  readonly MediaId: string
}

/** A voice message, by the MediaId of uploaded material or of the follower's own. */
export interface VoiceReply {
  readonly MsgType: 'voice'
  readonly MediaId: string
}

/** A video that has passed WeChat's transcoding. */
export interface VideoReply {
  readonly MsgType: 'video'
  readonly MediaId: string
  readonly Title?: string
  readonly Description?: string
}

/** A link to a piece of music, with a picture by its MediaId. */
export interface MusicReply {
  readonly MsgType: 'music'
  readonly ThumbMediaId: string
  readonly Title?: string
  readonly Description?: string
  readonly MusicUrl?: string
  /** Preferred over MusicUrl on Wi-Fi. */
  readonly HQMusicUrl?: string
}

/** One link card; what is left out is sent empty. */
export interface Article {
  readonly Title: string
  /** Shown when it is the only article. */
  readonly Description?: string
  /** jpg or png; 360×200 for the first article, 200×200 for the others. */
  readonly PicUrl?: string
  readonly Url?: string
}

/** Link cards: one in answer to a user's message, up to eight in answer to an event. */
export interface NewsReply {
  readonly MsgType: 'news'
  readonly Articles: readonly Article[]
}

/** Hands the message to the human agents, or to the one agent `name@account`. */
export interface TransferCustomerServiceReply {
  readonly MsgType: 'transfer_customer_service'
  readonly KfAccount?: string
}

/** Hands the message to WeChat's own AI reply. */
export interface TransferBizAiIvrReply {
  readonly MsgType: 'transfer_biz_ai_ivr'
}

/** Handled, nothing to say: goes over the wire as the seven bytes `success`. */
export interface NoReply {
  readonly MsgType: 'none'
}

/** What can be answered to a message, under the names of WeChat's "passive reply" documentation. */
export type Reply =
  | TextReply
  | ImageReply
  | VoiceReply
  | VideoReply
  | MusicReply
  | NewsReply
  | TransferCustomerServiceReply
  | TransferBizAiIvrReply
  | NoReply

/** From whom to whom a reply goes: the message's two names, swapped. */
export interface ReplyAddress {
  /** The follower's OpenID: FromUserName of the message. */
  readonly toUserName: string
  /** The account's `gh_…` name: ToUserName of the message. */
  readonly fromUserName: string
  /** Unix seconds. */
  readonly createTime: number
}
