import type { Client } from '../client/client.ts'
import type { Pages } from '../client/pages.ts'
import { UsageError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { IncomingMessage } from '../message/types.ts'
import * as build from '../reply/build.ts'
import type { Article, MusicReply, Reply, VideoReply } from '../reply/types.ts'
import type { Store } from '../store/types.ts'
import { type ContentView, renderContent } from './content.ts'
import type { Ask, Once } from './dialogue/ask.ts'
import type { Replay } from './dialogue/replay.ts'
import type { Trace } from './trace.ts'
import type { Visit } from './visit.ts'

/** The account that a message was sent to. */
export interface ContextAccount {
  /** Its name in the configuration; `default` where there is only one. */
  readonly name: string
}

/** Where a message is handled. */
export interface Surroundings {
  readonly account?: ContextAccount
  /** Where sessions and dialogues are kept; an app without them needs none. */
  readonly store?: Store
  /** The official-account API of the account; absent without its AppSecret. */
  readonly client?: Client | undefined
  /** What the account's web pages need; absent without its AppSecret. */
  readonly pages?: Pages | undefined
  /** Aborted when the message is given up. */
  readonly signal?: AbortSignal
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** From 0 to 1, as `Math.random`. */
  readonly random?: () => number
  /** What the log will tell about the message. */
  readonly trace?: Trace | undefined
}

/**
 * What a handler gets: the message, what it matched, and a builder for every reply.
 *
 * @typeParam S what `ctx.session` is
 */
export class Context<M extends IncomingMessage = IncomingMessage, S = unknown> {
  /** What came in, under WeChat's own names; whatever has no typed field is in its `fields`. */
  readonly message: M
  /** The responder's log: standard error. */
  readonly log: Logger
  /** The account that it was sent to. */
  readonly account: ContextAccount
  /** What `hears` matched: the whole text first, then the groups of a regular expression. Empty elsewhere. */
  match: readonly string[] = []
  /** @internal */
  readonly surroundings: Surroundings
  /** Put here by the app. @internal */
  visit: Visit | undefined

  constructor(message: M, log: Logger, surroundings: Surroundings = {}) {
    this.message = message
    this.log = log
    this.account = surroundings.account ?? { name: 'default' }
    this.surroundings = surroundings
  }

  /**
   * The official-account API: `await ctx.client.menu.get()`.
   *
   * @throws {UsageError} when the account has no AppSecret
   */
  get client(): Client {
    return this.surroundings.client ?? withoutSecret('client')
  }

  /**
   * For the account's own web pages: `ctx.pages.authorizeUrl({ … })`, `await ctx.pages.signJsSdk(url)`.
   *
   * @throws {UsageError} when the account has no AppSecret
   */
  get pages(): Pages {
    return this.surroundings.pages ?? withoutSecret('pages')
  }

  /** Aborted when the message is given up, after `handlerLimit` seconds: pass it to whatever takes long. */
  get signal(): AbortSignal {
    return this.surroundings.signal ?? new AbortController().signal
  }

  /**
   * What is kept about this follower of this account, and whatever JSON can hold: change it, or assign to it. It is
   * kept when the handlers are done, unless one threw; no other message of the follower is handled meanwhile.
   *
   * @throws {UsageError} in an app that was created without `session`
   */
  get session(): S {
    return this.#slot.value as S
  }

  set session(value: S) {
    this.#slot.value = value
  }

  get #slot(): { value: unknown } {
    const slot = this.visit?.session
    if (slot) return slot
    throw new UsageError({
      en: 'ctx.session: this app has no sessions; create it with createApp({ session: { initial: () => ({ … }) } })',
      zh: 'ctx.session：此应用没有会话；请用 createApp({ session: { initial: () => ({ … }) } }) 创建',
    })
  }

  /**
   * In a dialogue: asks the follower and waits for the answer.
   *
   * @throws {UsageError} anywhere else
   */
  get ask(): Ask {
    return this.#replay('ask').ask
  }

  /**
   * In a dialogue: does something once, however often the dialogue is run.
   *
   * @throws {UsageError} anywhere else
   */
  get once(): Once {
    return this.#replay('once').once
  }

  #replay(method: string): Replay {
    const replay = this.visit?.replay
    if (replay) return replay
    throw new UsageError({
      en: `ctx.${method}() is for dialogues: const order = app.dialogue('order', async ctx => …); app.hears('order', order)`,
      zh: `ctx.${method}() 只能用于对话：const order = app.dialogue('order', async ctx => …); app.hears('order', order)`,
    })
  }

  /** The follower's OpenID. */
  get from(): string {
    return this.message.FromUserName
  }

  /** The scene of the QR code that was scanned, of `subscribe` and `SCAN`; undefined without one. */
  get scene(): string | undefined {
    return 'scene' in this.message ? this.message.scene : undefined
  }

  /** A text. Without anything to read in it there is no reply; over 2047 bytes of UTF-8 it is cut when it is sent. */
  text(content: string): Reply {
    return build.text(content)
  }

  /**
   * A picture, jpg or png.
   *
   * @param mediaId of uploaded material, or of a picture that a follower sent
   * @throws {ReplyError} when it is blank or over 256 bytes, here and below
   */
  image(mediaId: string): Reply {
    return build.image(mediaId)
  }

  /** A voice message, by its MediaId. */
  voice(mediaId: string): Reply {
    return build.voice(mediaId)
  }

  /** A video that has passed WeChat's transcoding, by its MediaId. */
  video(mediaId: string, caption?: Pick<VideoReply, 'Title' | 'Description'>): Reply {
    return build.video(mediaId, caption)
  }

  /** A link to a piece of music, with the picture of this MediaId. */
  music(thumbMediaId: string, song?: Omit<MusicReply, 'MsgType' | 'ThumbMediaId'>): Reply {
    return build.music(thumbMediaId, song)
  }

  /**
   * Link cards: one in answer to a message, up to eight in answer to an event; none are no reply.
   *
   * @throws {ReplyError} on a ninth, or one without a Title
   */
  news(articles: readonly Article[]): Reply {
    return build.news(articles)
  }

  /**
   * The owner's words from `templates/content/`, as a text.
   *
   * @param template the file's name without its ending: `welcome`
   * @param view what it is filled with
   * @throws {UsageError} that lists the templates there are
   */
  render(template: string, view?: ContentView): Reply {
    return build.text(renderContent(template, view))
  }

  /** Hands the message to the human agents, or to the one agent `name@account`; an event cannot be handed over. */
  transfer(kfAccount?: string): Reply {
    return build.transferCustomerService(kfAccount)
  }

  /** Hands the message to WeChat's own AI reply, which the account must have switched on. */
  transferBizAiIvr(): Reply {
    return build.transferBizAiIvr()
  }
}

function withoutSecret(name: string): never {
  throw new UsageError({
    en: `ctx.${name}: the account has no API without "appId" and "appSecret" in weixin.config.json`,
    zh: `ctx.${name}：weixin.config.json 中缺少 "appId" 和 "appSecret"，无法调用接口`,
  })
}
