import { escapeCdata } from '../xml/cdata.ts'
import { parseXml } from '../xml/parse.ts'
import { composeMessage } from './message.ts'

/** What a follower does. */
export type PlatformMessage =
  | {
      /** `text`, `image`, … or `event:` and the event's name. */
      readonly kind: string
      readonly openid: string
      /** The elements of this kind in their order, as `composeMessage` takes them. */
      readonly values?: readonly string[]
      /** Further elements by name; of an object the children: `{ ScanCodeInfo: { ScanType: 'qrcode' } }`. */
      readonly fields?: Readonly<Record<string, ElementValue>>
    }
  /** Recorded: sent as it is, except for CreateTime and MsgId, which are new. */
  | { readonly xml: string }

/** The text or the children of an element; a list for an element that is repeated. */
export type ElementValue = string | { readonly [name: string]: ElementValue } | readonly ElementValue[]

/** A message ready to be signed, and what is known of it. */
export interface PushedMessage {
  readonly xml: string
  readonly kind: string
  readonly toUserName: string
  readonly fromUserName: string
  /** Of an event. */
  readonly event?: string
}

/** Where, when and under which id a message is sent. */
export interface Postmark {
  readonly toUserName: string
  /** Unix seconds. */
  readonly createTime: number
  readonly msgId: string
}

/**
 * The XML of what a follower does.
 *
 * @throws {ComposeError} when there is no such kind of message
 * @throws {XmlError} when what was recorded is no message
 */
export function pushedMessage(message: PlatformMessage, postmark: Postmark): PushedMessage {
  const xml = 'xml' in message ? postmarked(message.xml.trim(), postmark) : composed(message, postmark)
  const { root } = parseXml(Buffer.from(xml))
  const text = (name: string) => {
    const value = root[name]
    return typeof value === 'string' ? value : ''
  }
  const [type, event] = [text('MsgType'), text('Event')]
  const addresses = { toUserName: text('ToUserName'), fromUserName: text('FromUserName') }
  return type === 'event' ? { xml, kind: `event:${event}`, event, ...addresses } : { xml, kind: type, ...addresses }
}

function composed({ kind, openid, values = [], fields = {} }: Exclude<PlatformMessage, { xml: string }>, at: Postmark) {
  const texts: Record<string, string> = {}
  let nested = ''
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') texts[name] = value
    else nested += element(name, value)
  }
  const xml = composeMessage({ kind, values, fields: texts, fromUserName: openid, ...at })
  return `${xml.slice(0, -'</xml>'.length)}${nested}</xml>`
}

function element(name: string, value: ElementValue): string {
  if (typeof value === 'string') return `<${name}><![CDATA[${escapeCdata(value)}]]></${name}>`
  if (isList(value)) return value.map(each => element(name, each)).join('')
  const children = Object.entries(value).map(([child, inner]) => element(child, inner))
  return `<${name}>${children.join('')}</${name}>`
}

function isList(value: ElementValue): value is readonly ElementValue[] {
  return Array.isArray(value)
}

/** What a follower wrote may look like such an element, so CDATA that does not stand in one is passed over whole. */
const MARKED = /<(CreateTime|MsgId)>(?:\s*\d+\s*|<!\[CDATA\[\d+\]\]>)<\/\1>|<!\[CDATA\[[\s\S]*?\]\]>/g

function postmarked(xml: string, { createTime, msgId }: Postmark): string {
  return xml.replace(MARKED, (found, name?: string) =>
    name === undefined ? found : `<${name}>${name === 'MsgId' ? msgId : createTime}</${name}>`,
  )
}
