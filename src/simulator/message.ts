import { type Bilingual, WeixinError } from '../errors.ts'
import { escapeCdata } from '../xml/cdata.ts'

/** A message that cannot be composed from what was given. */
export class ComposeError extends WeixinError {
  override name = 'ComposeError'
}

/** A message or event of a follower. */
export interface Message {
  /** `text`, `image`, … or `event:` and the event's name. */
  readonly kind: string
  /** The elements of this kind, in WeChat's order; a missing one gets a sample value. */
  readonly values: readonly string[]
  /** Further elements by name. */
  readonly fields?: Readonly<Record<string, string>>
  readonly toUserName: string
  readonly fromUserName: string
  /** Unix seconds. */
  readonly createTime: number
  readonly msgId: string
}

/** Who writes, and to whom, where nobody says. */
export const SAMPLE_FOLLOWER = 'oSampleFollower_0000000000001'
export const SAMPLE_ACCOUNT = 'gh_sample000001'

/** The elements of each kind of message with sample values, as WeChat sends them ("Standard messages"). */
const MESSAGE_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  text: { Content: '你好' },
  image: { PicUrl: 'http://mmbiz.qpic.cn/sample/0', MediaId: 'sample-image' },
  voice: { MediaId: 'sample-voice', Format: 'amr' },
  video: { MediaId: 'sample-video', ThumbMediaId: 'sample-thumb' },
  shortvideo: { MediaId: 'sample-video', ThumbMediaId: 'sample-thumb' },
  location: { Location_X: '24.479834', Location_Y: '118.089425', Scale: '16', Label: '厦门' },
  link: { Title: '标题', Description: '描述', Url: 'https://example.com/' },
  event: { EventKey: '' },
}

/** The kinds that there are, for usages and errors. */
export const MESSAGE_KINDS: Bilingual = {
  en: `${Object.keys(MESSAGE_FIELDS).join(', ').replace('event', 'event:NAME')}`,
  zh: `${Object.keys(MESSAGE_FIELDS).join('、').replace('event', 'event:名称')}`,
}

/**
 * The XML of a message as WeChat would post it.
 *
 * @throws {ComposeError} for an unknown kind or too many values
 */
export function composeMessage(message: Message): string {
  const [type = '', event] = message.kind.split(/:(.*)/s)
  const fields = Object.hasOwn(MESSAGE_FIELDS, type) ? MESSAGE_FIELDS[type] : undefined
  if (!fields || (type === 'event') !== Boolean(event)) throw unknownKind(message.kind)
  const names = Object.keys(fields)
  if (message.values.length > names.length) throw tooManyValues(message.kind, names)
  const elements: Record<string, string> = {
    ToUserName: message.toUserName,
    FromUserName: message.fromUserName,
    CreateTime: String(message.createTime),
    MsgType: type,
    ...(event ? { Event: event } : { MsgId: message.msgId }),
    ...fields,
    ...Object.fromEntries(message.values.map((value, index) => [names[index], value])),
    ...message.fields,
  }
  return `<xml>${Object.entries(elements).map(element).join('')}</xml>`
}

function element([name, value]: readonly [string, string]): string {
  const bare = ['CreateTime', 'MsgId', 'Location_X', 'Location_Y', 'Scale'].includes(name)
  return `<${name}>${bare ? value : `<![CDATA[${escapeCdata(value)}]]>`}</${name}>`
}

function unknownKind(kind: string): ComposeError {
  return new ComposeError({
    en: `no kind of message is called ${kind}; permitted: ${MESSAGE_KINDS.en}`,
    zh: `没有 ${kind} 这种消息；允许：${MESSAGE_KINDS.zh}`,
  })
}

function tooManyValues(kind: string, names: readonly string[]): ComposeError {
  return new ComposeError({
    en: `${kind} takes at most ${names.length} values: ${names.join(', ')}`,
    zh: `${kind} 最多 ${names.length} 个值：${names.join('、')}`,
  })
}
