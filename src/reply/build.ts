import { checkShape } from './shape.ts'
import type {
  Article,
  ImageReply,
  MusicReply,
  NewsReply,
  NoReply,
  Reply,
  TextReply,
  TransferBizAiIvrReply,
  TransferCustomerServiceReply,
  VideoReply,
  VoiceReply,
} from './types.ts'

export { none } from './shape.ts'

/*
 * One builder for each reply of WeChat's "passive reply" documentation. They throw a ReplyError where the reply is
 * written down; what depends on the message that is answered is checked by checkReply.
 */

/** A text. Without anything to read in it there is no reply; over 2047 bytes of UTF-8 it is cut when it is sent. */
export function text(content: string): TextReply | NoReply {
  return built({ MsgType: 'text', Content: content })
}

/**
 * A picture, jpg or png, by the MediaId of uploaded material or of a message.
 *
 * @throws {ReplyError} when the MediaId is blank or over 256 bytes
 */
export function image(mediaId: string): ImageReply {
  return built({ MsgType: 'image', MediaId: mediaId })
}

/**
 * A voice message.
 *
 * @throws {ReplyError} when the MediaId is blank or over 256 bytes
 */
export function voice(mediaId: string): VoiceReply {
  return built({ MsgType: 'voice', MediaId: mediaId })
}

/**
 * A video that has passed WeChat's transcoding.
 *
 * @throws {ReplyError} when the MediaId is blank or over 256 bytes
 */
export function video(mediaId: string, caption: Pick<VideoReply, 'Title' | 'Description'> = {}): VideoReply {
  return built({ ...caption, MsgType: 'video', MediaId: mediaId })
}

/**
 * A link to a piece of music, with a picture.
 *
 * @throws {ReplyError} when the ThumbMediaId is blank or over 256 bytes
 */
export function music(thumbMediaId: string, song: Omit<MusicReply, 'MsgType' | 'ThumbMediaId'> = {}): MusicReply {
  return built({ ...song, MsgType: 'music', ThumbMediaId: thumbMediaId })
}

/**
 * Link cards: one in answer to a user's message, up to eight in answer to an event. Without any there is no reply.
 *
 * @throws {ReplyError} on a ninth article or one without a Title
 */
export function news(articles: readonly Article[]): NewsReply | NoReply {
  return built({ MsgType: 'news', Articles: articles })
}

/**
 * Hands the message to the human agents. Name an agent (`name@account`) only when that one is online: the follower
 * waits for that agent otherwise.
 *
 * @throws {ReplyError} when the name is blank or over 256 bytes
 */
export function transferCustomerService(kfAccount?: string): TransferCustomerServiceReply {
  return built({ MsgType: 'transfer_customer_service', ...(kfAccount && { KfAccount: kfAccount }) })
}

/** Hands the message to WeChat's own AI reply, which the account must have switched on. */
export function transferBizAiIvr(): TransferBizAiIvrReply {
  return built({ MsgType: 'transfer_biz_ai_ivr' })
}

/** The check may turn a reply into `none`, and only those whose builder says so. */
function built<R extends Reply>(reply: R): R {
  return checkShape(reply) as R
}
