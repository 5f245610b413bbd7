import type { ShownReply } from '../exchange.ts'

/** What the account sends a follower by way of the API, as the follower's phone shows it. */
export type FollowerMessage =
  | Exclude<ShownReply, { readonly type: 'transfer' }>
  /** 「对方正在输入」 on or off. */
  | { readonly type: 'typing'; readonly on: boolean }
  /** A tap on an item comes back as a text with its label, and `bizmsgmenuid`. */
  | {
      readonly type: 'menu'
      readonly head: string
      readonly items: readonly { readonly id: string; readonly content: string }[]
      readonly tail: string
    }
  | {
      readonly type: 'miniprogram'
      readonly title: string
      readonly appId: string
      readonly pagePath: string
      readonly thumbMediaId: string
    }
  /** A card coupon or a published article, of which only the id is known. */
  | { readonly type: 'card'; readonly kind: 'wxcard' | 'mpnews' | 'mpnewsarticle'; readonly id: string }
  /** A template message; its success is to be told the responder with `event:TEMPLATESENDJOBFINISH`. */
  | {
      readonly type: 'template'
      readonly msgId: string
      readonly title: string
      readonly lines: readonly string[]
      readonly url?: string
    }
