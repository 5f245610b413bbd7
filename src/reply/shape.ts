import { withoutForbidden } from '../xml/characters.ts'
import { EVENT_ARTICLES, ID_BYTES } from './limits.ts'
import { ReplyError } from './reply-error.ts'
import type { Article, NoReply, Reply } from './types.ts'

/** Handled, nothing to say. */
export const none: NoReply = Object.freeze({ MsgType: 'none' })

type Kind = 'string' | 'optional' | 'id' | 'optional-id' | 'articles'
type Fields<T> = { readonly [F in Exclude<keyof T, 'MsgType'>]-?: Kind }

const SHAPES = {
  text: { Content: 'string' },
  image: { MediaId: 'id' },
  voice: { MediaId: 'id' },
  video: { MediaId: 'id', Title: 'optional', Description: 'optional' },
  music: {
    ThumbMediaId: 'id',
    Title: 'optional',
    Description: 'optional',
    MusicUrl: 'optional',
    HQMusicUrl: 'optional',
  },
  news: { Articles: 'articles' },
  transfer_customer_service: { KfAccount: 'optional-id' },
  transfer_biz_ai_ivr: {},
  none: {},
} as const satisfies { [T in Reply['MsgType']]: Fields<Extract<Reply, { MsgType: T }>> }

const ARTICLE = {
  Title: 'string',
  Description: 'optional',
  PicUrl: 'optional',
  Url: 'optional',
} as const satisfies Fields<Article>

/**
 * Whether a value has the shape of a reply, whoever wrote it: every field of its MsgType, of the right type, within
 * WeChat's limits, and no other. A text with nothing to read and news without an article come back as `none`, because
 * WeChat shows the follower an error line in their place.
 *
 * @throws {ReplyError} that names the field and what is permitted
 */
export function checkShape(value: unknown): Reply {
  const type = typeof value === 'object' && value !== null ? own(value, 'MsgType') : undefined
  if (!isMsgType(type)) throw type === undefined ? missingType(value) : unknownType(type)
  checkFields(`reply ${type}`, value as object, SHAPES[type])
  const reply = value as Reply
  if (reply.MsgType === 'text' && isBlank(reply.Content)) return none
  if (reply.MsgType === 'news' && reply.Articles.length === 0) return none
  return reply
}

/** Whether nothing is left that a reader would see. */
function isBlank(text: string): boolean {
  return withoutForbidden(text).trim() === ''
}

/** Whether it is the MsgType of a reply, in exactly this spelling. */
export function isMsgType(type: unknown): type is Reply['MsgType'] {
  return typeof type === 'string' && Object.hasOwn(SHAPES, type)
}

function missingType(value: unknown): ReplyError {
  const type = Array.isArray(value) ? 'array' : typeof value
  return notPermitted(`missing from a value of type ${type}`, `空（返回值的类型是 ${type}）`)
}

function unknownType(type: unknown): ReplyError {
  const found = typeof type === 'string' ? JSON.stringify(type.slice(0, 40)) : `of type ${typeof type}`
  return notPermitted(found, ` ${found}`)
}

function notPermitted(en: string, zh: string): ReplyError {
  const permitted = Object.keys(SHAPES).join(', ')
  return new ReplyError({
    en: `a reply's MsgType is ${en}; permitted: ${permitted}; build replies with text(), image(), news() …`,
    zh: `回复的 MsgType 为${zh}；允许的值：${permitted}；请用 text()、image()、news() 等函数构造回复`,
  })
}

function checkFields(where: string, value: object, fields: Readonly<Record<string, Kind>>): void {
  for (const name of Object.keys(value)) {
    if (name === 'MsgType' || Object.hasOwn(fields, name)) continue
    const permitted = Object.keys(fields).join(', ') || 'none'
    throw new ReplyError({
      en: `${where}: unknown field ${JSON.stringify(name.slice(0, 40))}; permitted: ${permitted}`,
      zh: `${where}：未知字段 ${JSON.stringify(name.slice(0, 40))}；允许的字段：${permitted}`,
    })
  }
  for (const name of Object.keys(fields)) checkField(`${where}: ${name}`, own(value, name), fields[name])
}

/** What is inherited would be checked here and yet not be rendered. */
function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

function checkField(where: string, value: unknown, kind: Kind | undefined): void {
  if (kind === 'articles') {
    checkArticles(where, value)
    return
  }
  if (value === undefined && (kind === 'optional' || kind === 'optional-id')) return
  if (typeof value !== 'string') {
    const found = typeof value
    throw new ReplyError({
      en: `${where} must be a string, not ${found}`,
      zh: `${where} 必须是字符串，而不是 ${found}`,
    })
  }
  if (kind === 'id' || kind === 'optional-id') checkId(where, value, kind)
}

function checkId(where: string, value: string, kind: 'id' | 'optional-id'): void {
  if (kind === 'id' && isBlank(value)) {
    throw new ReplyError({ en: `${where} is empty; upload the material first`, zh: `${where} 是空的；请先上传素材` })
  }
  if (value !== '' && isBlank(value)) {
    throw new ReplyError({ en: `${where} is blank; leave it out`, zh: `${where} 只有空白；请省略` })
  }
  const bytes = Buffer.byteLength(value)
  if (bytes > ID_BYTES) {
    throw new ReplyError({
      en: `${where} is ${bytes} bytes; an id has at most ${ID_BYTES}`,
      zh: `${where} 为 ${bytes} 字节；标识最长 ${ID_BYTES} 字节`,
    })
  }
}

function checkArticles(where: string, value: unknown): void {
  if (!Array.isArray(value)) {
    throw new ReplyError({ en: `${where} must be an array of articles`, zh: `${where} 必须是图文数组` })
  }
  if (value.length > EVENT_ARTICLES) {
    throw new ReplyError({
      en: `${where}: ${value.length} articles; WeChat takes at most ${EVENT_ARTICLES} in answer to an event, 1 to a user's message`,
      zh: `${where}：共 ${value.length} 条图文；回复事件最多 ${EVENT_ARTICLES} 条，回复用户消息只能 1 条`,
    })
  }
  for (const [index, article] of value.entries()) {
    if (typeof article !== 'object' || article === null) {
      throw new ReplyError({ en: `${where}[${index}] must be an object`, zh: `${where}[${index}] 必须是对象` })
    }
    checkFields(`${where}[${index}]`, article, ARTICLE)
  }
}
