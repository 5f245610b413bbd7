import type { XmlElement, XmlValue } from '../xml/element.ts'
import { parseXml } from '../xml/parse.ts'
import { XmlError } from '../xml/xml-error.ts'
import { TEXT_BYTES } from './limits.ts'
import { ReplyError } from './reply-error.ts'
import { checkShape, isMsgType, none } from './shape.ts'
import type { NoReply, Reply } from './types.ts'

/** A reply as it was on the wire: what it says, and from whom to whom. */
export type ParsedReply =
  | NoReply
  | (Exclude<Reply, NoReply> & {
      readonly ToUserName: string
      readonly FromUserName: string
      /** Unix seconds, as decimal text. */
      readonly CreateTime: string
    })

/**
 * Reads a passive reply as strictly as WeChat does, for tests and for the simulator. `success` and the empty body are
 * `none`.
 *
 * @param body what was answered, after decryption in safe mode
 * @throws {ReplyError} on whatever would make WeChat show the follower an error line
 */
export function parseReply(body: string | Buffer): ParsedReply {
  const text = body.toString()
  if (text === '' || text === 'success') return none
  const root = readRoot(Buffer.from(body))
  const reply = checkShape({ ...fieldsOf(root), MsgType: root['MsgType'] })
  if (reply.MsgType === 'none') throw unacceptable('there is nothing in it', '内容为空')
  if (reply.MsgType === 'text') checkLength(reply.Content)
  return {
    ...reply,
    ToUserName: required(root, 'ToUserName', /./),
    FromUserName: required(root, 'FromUserName', /./),
    CreateTime: required(root, 'CreateTime', /^\d{1,10}$/),
  }
}

function readRoot(bytes: Buffer): XmlElement {
  try {
    return parseXml(bytes).root
  } catch (cause) {
    if (!(cause instanceof XmlError)) throw cause
    throw unacceptable(
      `it is neither XML nor success: ${cause.message}`,
      `既不是 XML 也不是 success：${cause.zh}`,
      cause,
    )
  }
}

/** Where each reply has its fields. */
const FIELDS: Readonly<Record<Reply['MsgType'], (root: XmlElement) => object>> = {
  text: root => ({ Content: root['Content'] }),
  image: root => element(root, 'Image'),
  voice: root => element(root, 'Voice'),
  video: root => element(root, 'Video'),
  music: root => element(root, 'Music'),
  news: root => ({ Articles: articles(root) }),
  transfer_customer_service: root => (root['TransInfo'] === undefined ? {} : element(root, 'TransInfo')),
  transfer_biz_ai_ivr: () => ({}),
  none() {
    throw unacceptable('MsgType none is not sent; success is', '不应发送 MsgType none，应回复 success')
  },
}

function fieldsOf(root: XmlElement): object {
  const type = root['MsgType']
  return isMsgType(type) ? FIELDS[type](root) : {}
}

function articles(root: XmlElement): readonly unknown[] {
  const items = element(root, 'Articles')['item']
  if (Array.isArray(items) && root['ArticleCount'] === String(items.length)) {
    return items.map(item => (isElement(item) ? { ...item } : item))
  }
  throw unacceptable('ArticleCount is not the number of items', 'ArticleCount 与图文条数不符')
}

function element(parent: XmlElement, name: string): XmlElement {
  const value = parent[name]
  if (isElement(value)) return value
  throw unacceptable(`element ${name} is missing, empty or repeated`, `元素 ${name} 缺失、为空或重复`)
}

function isElement(value: XmlValue | undefined): value is XmlElement {
  return typeof value === 'object' && !Array.isArray(value)
}

function required(root: XmlElement, name: string, shape: RegExp): string {
  const value = root[name]
  if (typeof value === 'string' && shape.test(value)) return value
  throw unacceptable(`element ${name} is missing, repeated or malformed`, `元素 ${name} 缺失、重复或格式不正确`)
}

function checkLength(content: string): void {
  const bytes = Buffer.byteLength(content)
  if (bytes > TEXT_BYTES) {
    throw unacceptable(
      `Content is ${bytes} bytes, over ${TEXT_BYTES}`,
      `Content 为 ${bytes} 字节，超过 ${TEXT_BYTES} 字节`,
    )
  }
}

function unacceptable(en: string, zh: string, cause?: unknown): ReplyError {
  return new ReplyError({ en: `WeChat would refuse this reply: ${en}`, zh: `微信不会接受这个回复：${zh}` }, { cause })
}
