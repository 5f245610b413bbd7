import type { Bilingual } from '../errors.ts'

/** How the account's messages travel, as chosen in the console. */
export type Mode = 'plain' | 'compatible' | 'safe'

/**
 * What goes wrong on purpose. `slow-network` and `duplicate` befall the platform's own requests; `wrong-signature`,
 * `replay` and `garbage` are what a stranger sends, and a responder is right to refuse them.
 */
export type Trouble = 'slow-network' | 'wrong-signature' | 'replay' | 'duplicate' | 'garbage'

/** The account that the platform plays. */
export interface SimulatedAccount {
  readonly token: string
  readonly appId: string
  readonly appSecret: string
  /** The EncodingAESKey, 43 characters. */
  readonly aesKey: string
  /** The original id, `gh_…`. */
  readonly userName: string
}

/** The request of one delivery, as it went out. */
export interface SentRequest {
  readonly method: 'GET' | 'POST'
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What came back. */
export interface ReceivedResponse {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The reply that was inside the envelope. */
  readonly decrypted?: string
  /** What a script wrote to its standard error. */
  readonly log: string
}

/** A reply as the follower's phone shows it. */
export type ShownReply =
  | { readonly type: 'text'; readonly content: string }
  | { readonly type: 'image'; readonly mediaId: string }
  | { readonly type: 'voice'; readonly mediaId: string }
  | { readonly type: 'video'; readonly mediaId: string; readonly title?: string; readonly description?: string }
  | {
      readonly type: 'music'
      readonly title?: string
      readonly description?: string
      readonly url?: string
      readonly hqUrl?: string
      readonly thumbMediaId: string
    }
  | { readonly type: 'news'; readonly articles: readonly Article[] }
  /** To the human agents, to one of them, or to the platform's own AI. */
  | { readonly type: 'transfer'; readonly kfAccount?: string; readonly ai?: true }

/** One card of a news reply. */
export interface Article {
  readonly title: string
  readonly description: string
  readonly picUrl: string
  readonly url: string
}

/** Whether WeChat takes a response, and why or why not. */
export interface Verdict {
  readonly taken: boolean
  readonly reason: Bilingual
  /** The reply in plain. */
  readonly xml?: string
  /** What the follower sees of it; absent where that is nothing. */
  readonly reply?: ShownReply
  /** Of a stranger's request (`wrong-signature`, `replay`, `garbage`): whether the responder kept it out. */
  readonly keptOut?: boolean
}

/** One delivery, as it happened on the wire. */
export interface Attempt {
  /** From 1. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly request: SentRequest
  /** Absent when nothing came back, or nothing in time. */
  readonly response?: ReceivedResponse
  readonly milliseconds: number
  /** Absent while it is under way. */
  readonly verdict?: Verdict
}

/** One push of the platform: an access check, or a message or event with all its deliveries. */
export interface Exchange {
  readonly id: string
  /** `text`, `event:CLICK`, `access check` … */
  readonly kind: string
  /** Empty for an access check. */
  readonly openid: string
  readonly mode: Mode
  readonly trouble?: Trouble
  /** The message in plain; empty for an access check. */
  readonly xml: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** More of them while the exchange runs; the last may be under way. */
  readonly deliveries: readonly Attempt[]
  /**
   * `answered`: the follower sees `reply`, or the access check is passed. `silent`: there is nothing to see.
   * `failed`: the follower sees {@link ERROR_LINE}, or the access check is not passed.
   */
  readonly state: 'running' | 'answered' | 'silent' | 'failed'
  readonly reply?: ShownReply
}

/** What the follower sees when the account's server has failed, in the words of WeChat. */
export const ERROR_LINE = '该公众号提供的服务出现故障，请稍后再试'

/** The kind of an exchange that is no message. */
export const ACCESS_CHECK = 'access check'
