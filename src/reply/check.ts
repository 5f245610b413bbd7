import { withoutForbidden } from '../xml/characters.ts'
import { cutText } from './cut.ts'
import { EVENT_ARTICLES, TEXT_BYTES } from './limits.ts'
import { ReplyError } from './reply-error.ts'
import { checkShape, none } from './shape.ts'
import type { Reply } from './types.ts'

/** Where findings go that do not stop a reply. To be strict, throw the finding. */
export type ReportFinding = (finding: ReplyError) => void

/**
 * The reply that a handler's value stands for, ready to be rendered: a string is a text, nothing is no reply. A text
 * over 2047 bytes is cut and the cut reported.
 *
 * @param value what the handler returned
 * @param incoming MsgType of the message that is answered; events permit other replies than a user's messages
 * @throws {ReplyError} on a value that is no reply, or none that this message can be answered with
 */
export function checkReply(value: unknown, incoming: string, report: ReportFinding): Reply {
  if (value === undefined || value === null) return none
  const reply = checkShape(typeof value === 'string' ? { MsgType: 'text', Content: value } : value)
  switch (reply.MsgType) {
    case 'text':
      return { MsgType: 'text', Content: withinLimit(reply.Content, report) }
    case 'news':
      if (incoming !== 'event' && reply.Articles.length > 1) throw surplusArticles(reply.Articles.length, incoming)
      return reply
    case 'transfer_customer_service':
    case 'transfer_biz_ai_ivr':
      if (incoming === 'event') throw nothingToTransfer(reply.MsgType)
      return reply
    default:
      return reply
  }
}

function withinLimit(content: string, report: ReportFinding): string {
  // Only what is sent counts. A text that fits keeps the rest, for lintReply to find.
  const permitted = withoutForbidden(content)
  const bytes = Buffer.byteLength(permitted)
  if (bytes <= TEXT_BYTES) return content
  report(
    new ReplyError({
      en: `reply text: Content is ${bytes} bytes; WeChat takes at most ${TEXT_BYTES}, so it was cut; send the rest in another message`,
      zh: `reply text：Content 为 ${bytes} 字节，微信最多接受 ${TEXT_BYTES} 字节，已截断；其余内容请另发`,
    }),
  )
  return cutText(permitted)
}

function surplusArticles(count: number, incoming: string): ReplyError {
  return new ReplyError({
    en: `reply news: ${count} articles in answer to a message of type ${incoming}; WeChat shows one there (since October 2018), and up to ${EVENT_ARTICLES} only in answer to an event; return one article`,
    zh: `reply news：对 ${incoming} 消息回复了 ${count} 条图文；自 2018 年 10 月起，回复用户消息只能有 1 条图文，回复事件才可以最多 ${EVENT_ARTICLES} 条；请只返回 1 条`,
  })
}

function nothingToTransfer(type: string): ReplyError {
  return new ReplyError({
    en: `reply ${type}: an event cannot be handed over, only a message of the user`,
    zh: `reply ${type}：事件不能转接，只有用户消息可以转接`,
  })
}
