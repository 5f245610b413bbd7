import type { XmlDocument, XmlElement } from '../xml/parse.ts'
import { canonicalEventName, eventSchemas } from './events.ts'
import { MessageError } from './message-error.ts'
import { readFields, type Schema } from './schema.ts'
import { type IncomingMessage, isMessageType, messageSchemas } from './types.ts'

// Every message passes here, and V8 takes fifteen times as long to spread objects that were built by a loop.
const { assign } = Object

const ENVELOPE = { ToUserName: 'string', FromUserName: 'string', CreateTime: ['string'], MsgType: 'string' } as const
const MESSAGE_IDS = { MsgId: 'string?', MsgDataId: 'string?', Idx: 'number?' } as const

/**
 * The typed message in a document of the message push, from plain mode or decrypted.
 *
 * @throws {MessageError} when the envelope is not complete (ToUserName, FromUserName, CreateTime, MsgType, and Event
 *   of an event), or when a typed element comes twice or nested where it must be one piece of text.
 */
export function parseMessage({ root, text }: XmlDocument): IncomingMessage {
  const { ToUserName, FromUserName, MsgType, CreateTime } = readFields(ENVELOPE, root)
  if (!ToUserName) throw new MessageError('missing', 'ToUserName')
  if (!FromUserName) throw new MessageError('missing', 'FromUserName')
  if (!MsgType) throw new MessageError('missing', 'MsgType')
  const message = MsgType === 'event' ? readEvent(root) : readMessage(MsgType, root)
  const envelope = {
    ToUserName,
    FromUserName,
    MsgType,
    CreateTime: readTime(CreateTime, root),
    fields: root,
    raw: text,
  }
  // Which kind has which fields is what the two tables say; a name that came from outside hides it from the compiler.
  return assign(message, envelope) as IncomingMessage
}

function readTime([time = '', ...others]: readonly string[], root: XmlElement): number {
  if (time === '') throw new MessageError('missing', 'CreateTime')
  // WeChat's own example of this event has CreateTime a second time, for the order.
  if (others.length > 0 && root['Event'] !== 'card_pay_order') throw new MessageError('repeated', 'CreateTime')
  if (!/^\d{1,15}$/.test(time)) throw new MessageError('not-a-time', 'CreateTime')
  return Number(time)
}

function readEvent(root: XmlElement): object {
  const { Event } = readFields(messageSchemas.event, root)
  if (!Event) throw new MessageError('missing', 'Event')
  const name = canonicalEventName(Event)
  if (!name) return { kind: 'unknown', Event }
  const schema: Schema = eventSchemas[name]
  return assign({ kind: `event:${name}`, Event }, readFields(schema, root))
}

function readMessage(type: string, root: XmlElement): object {
  const ids = readFields(MESSAGE_IDS, root)
  if (!isMessageType(type)) return assign({ kind: 'unknown' }, ids)
  const schema: Schema = messageSchemas[type]
  return assign({ kind: type }, ids, readFields(schema, root))
}
