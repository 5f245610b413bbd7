import type { XmlElement } from '../xml/element.ts'
import { type EventMap, type EventName, eventSchemas } from './events.ts'
import type { FieldsOf, Flat, Schema } from './schema.ts'

const clip = { MediaId: 'string', ThumbMediaId: 'string' } as const

/**
 * Every `MsgType` and its elements beyond the common ones, as the section on receiving messages of WeChat's
 * documentation gives them. The only list of message types: types and run-time tables derive from it.
 */
export const messageSchemas = {
  text: { Content: 'string', bizmsgmenuid: 'string?' },
  image: { PicUrl: 'string', MediaId: 'string' },
  voice: { MediaId: 'string', Format: 'string', MediaId16K: 'string?', Recognition: 'string?' },
  video: clip,
  shortvideo: clip,
  // X is the latitude, Y the longitude
  location: { Location_X: 'number', Location_Y: 'number', Scale: 'number', Label: 'string' },
  link: { Title: 'string', Description: 'string', Url: 'string' },
  // Not documented: what comes when a follower sends a document
  file: { Title: 'string', Description: 'string', FileKey: 'string', FileMd5: 'string', FileTotalLen: 'number' },
  miniprogrampage: { Title: 'string', AppId: 'string', PagePath: 'string', ThumbUrl: 'string', ThumbMediaId: 'string' },
  device_text: eventSchemas.device_text,
  device_event: { ...eventSchemas.device_bind, Event: 'string', OpType: 'number?' },
  event: { Event: 'string' },
} as const satisfies Readonly<Record<string, Schema>>

/** The fields of each `MsgType` beyond {@link CommonFields}. */
export type MessageMap = { readonly [Type in keyof typeof messageSchemas]: FieldsOf<(typeof messageSchemas)[Type]> }

/** A `MsgType` that {@link MessageMap} has. */
export type MessageType = keyof MessageMap

/** Every name in {@link MessageMap}. */
export const messageTypes = Object.keys(messageSchemas) as readonly MessageType[]

/** Whether {@link MessageMap} has this `MsgType`, in exactly this spelling. */
export function isMessageType(name: string): name is MessageType {
  return Object.hasOwn(messageSchemas, name)
}

/** What everything that comes in has. */
export interface CommonFields {
  /** The account's original id, `gh_…`. */
  readonly ToUserName: string
  /** The OpenID of the follower who wrote or acted; for events of the account itself an id without meaning. */
  readonly FromUserName: string
  /** Seconds since 1970, by the platform's clock; `NaN` when no number came. */
  readonly CreateTime: number
  /** Digits, beyond 2^53. Events hardly ever have one. */
  readonly MsgId?: string
  /** The id of the article below which the follower wrote. */
  readonly MsgDataId?: string
  /** Which article of that bundle, from 1. */
  readonly Idx?: number
  /** Everything that came, under the names and in the form in which it came; whatever has no typed field is here. */
  readonly fields: XmlElement
  /** The XML as it came. */
  readonly raw: string
}

type Variant<Kind, Type, Fields> = Flat<CommonFields & { readonly kind: Kind; readonly MsgType: Type } & Fields>

/** An event that {@link EventMap} has. `kind` has its usual spelling, `Event` the one that came. */
export type EventOf<Name extends EventName> = {
  [Each in Name]: Variant<`event:${Each}`, 'event', MessageMap['event'] & EventMap[Each]>
}[Name]

/** An event that {@link EventMap} has, whichever. */
export type EventMessage = EventOf<EventName>

/** A message of one `MsgType`. */
export type MessageOf<Type extends MessageType> = {
  [Each in Type]: Each extends 'event' ? EventMessage : Variant<Each, Each, MessageMap[Each]>
}[Type]

/** What a follower writes or sends: every message that is not an event. */
export type Message = MessageOf<Exclude<MessageType, 'event'>>

/** An event that {@link EventMap} does not have, with all it holds in `fields`. */
export type UnknownEvent = Variant<'unknown', 'event', MessageMap['event']>

/**
 * What the compiler takes a `MsgType` for that {@link MessageMap} does not have, since it has no type for every other
 * text. It is never the value, which is the text that came: the compiler refuses to compare `message.MsgType` with a
 * new name, so compare `message.fields['MsgType'] === 'hologram'`.
 */
export type UnknownMessageType = 'none of MessageMap'

/** A type or an event that this program does not know, with all it holds in `fields`. */
export type UnknownMessage = UnknownEvent | Variant<'unknown', UnknownMessageType, object>

/**
 * Whatever WeChat pushes. `kind` tells every variant from every other: `text`, `event:SCAN`, `unknown`; `MsgType`
 * tells a message from the messages of other types and from events.
 */
export type IncomingMessage = Message | EventMessage | UnknownMessage
