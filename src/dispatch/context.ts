import type { Logger } from '../log.ts'
import type { IncomingMessage } from '../message/types.ts'
import * as build from '../reply/build.ts'
import type { Article, MusicReply, Reply, VideoReply } from '../reply/types.ts'
import { type ContentView, renderContent } from './content.ts'

/** What a handler gets: the message, what it matched, and a builder for every reply. */
export class Context<M extends IncomingMessage = IncomingMessage> {
  readonly message: M
  readonly log: Logger
  /** What `hears` matched: the whole text first, then the groups of a regular expression. Empty elsewhere. */
  match: readonly string[] = []

  constructor(message: M, log: Logger) {
    this.message = message
    this.log = log
  }

  /** The follower's OpenID. */
  get from(): string {
    return this.message.FromUserName
  }

  /** The scene of the QR code that was scanned, of `subscribe` and `SCAN`; undefined without one. */
  get scene(): string | undefined {
    return 'scene' in this.message ? this.message.scene : undefined
  }

  /** A text; without anything to read in it there is no reply. */
  text(content: string): Reply {
    return build.text(content)
  }

  /** @throws {ReplyError} when the MediaId is empty or too long; so do the others */
  image(mediaId: string): Reply {
    return build.image(mediaId)
  }

  voice(mediaId: string): Reply {
    return build.voice(mediaId)
  }

  video(mediaId: string, caption?: Pick<VideoReply, 'Title' | 'Description'>): Reply {
    return build.video(mediaId, caption)
  }

  music(thumbMediaId: string, song?: Omit<MusicReply, 'MsgType' | 'ThumbMediaId'>): Reply {
    return build.music(thumbMediaId, song)
  }

  /** Link cards: one in answer to a message, up to eight in answer to an event. */
  news(articles: readonly Article[]): Reply {
    return build.news(articles)
  }

  /** The owner's words from `templates/content/`, as a text. */
  render(template: string, view?: ContentView): Reply {
    return build.text(renderContent(template, view))
  }

  /** Hands the message to the human agents, or to the one agent `name@account`. */
  transfer(kfAccount?: string): Reply {
    return build.transferCustomerService(kfAccount)
  }

  /** Hands the message to WeChat's own AI reply, which the account must have switched on. */
  transferBizAiIvr(): Reply {
    return build.transferBizAiIvr()
  }
}
