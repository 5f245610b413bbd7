import { WeixinError } from '../errors.ts'
import { withoutForbidden } from '../xml/characters.ts'
import type { XmlElement } from '../xml/element.ts'
import type { ShownReply } from './exchange.ts'

/** A response that WeChat does not take; the sentence says why. */
export class RefusedResponse extends WeixinError {
  override name = 'RefusedResponse'
}

/** The reason in both languages. */
export function refused(en: string, zh: string): RefusedResponse {
  return new RefusedResponse({ en, zh })
}

/** Bytes of UTF-8 ("Passive reply"; the page is silent about it, and accounts report 2047 or 2048). */
const TEXT_BYTES = 2047
const MOST_ARTICLES = 8

/** What a reply answers. */
export interface Answered {
  readonly toUserName: string
  readonly fromUserName: string
  /** Whether it is an event, which may be answered with several articles and cannot be handed over. */
  readonly isEvent: boolean
}

/**
 * What the follower's phone shows of a reply ("Passive reply").
 *
 * @param root the children of its `<xml>`
 * @throws {RefusedResponse} for what WeChat refuses
 */
export function readReply(root: XmlElement, answered: Answered): ShownReply {
  checkAddresses(root, answered)
  if (!/^\d+$/.test(required(root, 'CreateTime'))) {
    throw refused('CreateTime is not a number of seconds', 'CreateTime 不是整数秒')
  }
  const type = required(root, 'MsgType')
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined
  if (!reader) {
    const permitted = Object.keys(READERS)
    throw refused(
      `MsgType is ${quoted(type)}; permitted: ${permitted.join(', ')}`,
      `MsgType 为 ${quoted(type)}；允许：${permitted.join('、')}`,
    )
  }
  return reader(root, answered)
}

const READERS: Readonly<Record<string, (root: XmlElement, answered: Answered) => ShownReply>> = {
  text: root => ({ type: 'text', content: textContent(root) }),
  image: root => ({ type: 'image', mediaId: required(inside(root, 'Image'), 'MediaId', 'Image') }),
  voice: root => ({ type: 'voice', mediaId: required(inside(root, 'Voice'), 'MediaId', 'Voice') }),
  video: root => {
    const video = inside(root, 'Video')
    const mediaId = required(video, 'MediaId', 'Video')
    return {
      type: 'video',
      mediaId,
      ...given({ title: text(video, 'Title'), description: text(video, 'Description') }),
    }
  },
  music: root => {
    const music = inside(root, 'Music')
    return {
      type: 'music',
      thumbMediaId: required(music, 'ThumbMediaId', 'Music'),
      ...given({
        title: text(music, 'Title'),
        description: text(music, 'Description'),
        url: text(music, 'MusicUrl'),
        hqUrl: text(music, 'HQMusicUrl'),
      }),
    }
  },
  news: (root, answered) => ({ type: 'news', articles: articlesOf(root, answered) }),
  transfer_customer_service: (root, answered) => {
    checkTransfer(answered)
    const info = root['TransInfo']
    const kfAccount = isElement(info) ? text(info, 'KfAccount') : ''
    return { type: 'transfer', ...given({ kfAccount }) }
  },
  transfer_biz_ai_ivr: (_, answered) => {
    checkTransfer(answered)
    return { type: 'transfer', ai: true }
  },
}

function checkAddresses(root: XmlElement, { toUserName, fromUserName }: Answered): void {
  const [to, from] = [required(root, 'ToUserName'), required(root, 'FromUserName')]
  if (to === toUserName && from === fromUserName) {
    throw refused(
      'ToUserName and FromUserName are those of the message; a reply has them the other way round',
      'ToUserName 与 FromUserName 和收到的消息相同；回复时必须互换',
    )
  }
  if (to !== fromUserName) {
    throw refused(
      `ToUserName is ${quoted(to)}; the reply can only go to who wrote, ${quoted(fromUserName)}`,
      `ToUserName 为 ${quoted(to)}；只能回复给发来消息的 ${quoted(fromUserName)}`,
    )
  }
  if (from !== toUserName) {
    throw refused(
      `FromUserName is ${quoted(from)}; it must be the account, ${quoted(toUserName)}`,
      `FromUserName 为 ${quoted(from)}；应为公众号 ${quoted(toUserName)}`,
    )
  }
}

function textContent(root: XmlElement): string {
  const content = required(root, 'Content')
  const bytes = Buffer.byteLength(content)
  if (bytes <= TEXT_BYTES) return content
  throw refused(
    `Content is ${bytes} bytes; at most ${TEXT_BYTES} are taken`,
    `Content 为 ${bytes} 字节；最多接受 ${TEXT_BYTES} 字节`,
  )
}

function articlesOf(root: XmlElement, { isEvent }: Answered): Extract<ShownReply, { type: 'news' }>['articles'] {
  const items = [inside(root, 'Articles')['item'] ?? []].flat().filter(isElement)
  const count = required(root, 'ArticleCount')
  if (count !== String(items.length)) {
    throw refused(
      `ArticleCount is ${quoted(count)}, but there are ${items.length} articles`,
      `ArticleCount 为 ${quoted(count)}，实际有 ${items.length} 条图文`,
    )
  }
  const most = isEvent ? MOST_ARTICLES : 1
  if (items.length < 1 || items.length > most) {
    throw refused(
      `${items.length} articles; ${isEvent ? `1 to ${MOST_ARTICLES} may answer an event` : 'exactly 1 may answer a message (since October 2018)'}`,
      `共 ${items.length} 条图文；${isEvent ? `回复事件可以有 1 到 ${MOST_ARTICLES} 条` : '回复用户消息只能有 1 条（自 2018 年 10 月起）'}`,
    )
  }
  return items.map(item => ({
    title: text(item, 'Title'),
    description: text(item, 'Description'),
    picUrl: text(item, 'PicUrl'),
    url: text(item, 'Url'),
  }))
}

function checkTransfer({ isEvent }: Answered): void {
  if (isEvent) {
    throw refused(
      'an event cannot be handed over, only a message of the follower',
      '事件不能转接，只有用户消息可以转接',
    )
  }
}

function inside(root: XmlElement, name: string): XmlElement {
  const value = root[name]
  if (isElement(value)) return value
  throw missing(name)
}

function required(element: XmlElement, name: string, parent?: string): string {
  const value = text(element, name)
  if (value !== '') return value
  throw missing(parent === undefined ? name : `${parent}/${name}`)
}

function text(element: XmlElement, name: string): string {
  const value = element[name] ?? ''
  if (typeof value !== 'string') throw missing(name)
  if (value === withoutForbidden(value)) return value
  throw refused(
    `${name} has a character that XML 1.0 forbids, such as a control character`,
    `${name} 含有 XML 1.0 禁止的字符（如控制字符）`,
  )
}

function isElement(value: unknown): value is XmlElement {
  return typeof value === 'object' && !Array.isArray(value)
}

/** Without what is empty. */
function given<Name extends string>(fields: Readonly<Record<Name, string>>): { [N in Name]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')) as { [N in Name]?: string }
}

function missing(name: string): RefusedResponse {
  return refused(`${name} is missing, empty or there twice`, `缺少 ${name}，或其为空、重复`)
}

function quoted(value: string): string {
  return JSON.stringify(value)
}
