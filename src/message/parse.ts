import type { XmlDocument, XmlElement } from '../xml/parse.ts'
import { canonicalEventName, eventSchemas } from './events.ts'
import { MessageError } from './message-error.ts'
import { readFields } from './schema.ts'
import { type IncomingMessage, isMessageType, messageSchemas } from './types.ts'

const ENVELOPE = { ToUserName: 'string', FromUserName: 'string', CreateTime: ['string'], MsgType: 'string' } as const
const MESSAGE_IDS = { MsgId: 'string?', MsgDataId: 'string?', Idx: 'number?' } as const

/**
 * The typed message in a document of the message push, from plain mode or decrypted.
 *
 * @throws {MessageError} when the envelope is not complete (ToUserName, FromUserName, CreateTime, MsgType, and Event
 *   of an event), or when a typed element comes twice or nested where it must be one piece of text.
 */
export function parseMessage({ root, text }: XmlDocument): IncomingMessage {
  const envelope = readEnvelope(root)
  const typed = envelope.MsgType === 'event' ? readEvent(root) : readMessage(envelope.MsgType, root)
  // Which kind has which fields is what the two tables say; a name that came from outside hides it from the compiler.
  return { ...typed, ...envelope, fields: root, raw: text } as IncomingMessage
}

function readEnvelope(root: XmlElement) {
  const { CreateTime: times, ...names } = readFields(ENVELOPE, root)
  for (const [name, text] of Object.entries(names)) if (text === '') throw new MessageError('missing', name)
  const [time, ...others] = times
  if (!time) throw new MessageError('missing', 'CreateTime')
  // WeChat's own example of this event has CreateTime a second time, for the order.
  if (others.length > 0 && root['Event'] !== 'card_pay_order') throw new MessageError('repeated', 'CreateTime')
  if (!/^\d{1,15}$/.test(time)) throw new MessageError('not-a-time', 'CreateTime')
  return { ...names, CreateTime: Number(time) }
}

function readEvent(root: XmlElement): object {
  const { Event } = readFields(messageSchemas.event, root)
  if (Event === '') throw new MessageError('missing', 'Event')
  const name = canonicalEventName(Event)
  if (!name) return { kind: 'unknown', Event }
  return { kind: `event:${name}`, Event, ...readFields(eventSchemas[name], root) }
}

function readMessage(type: string, root: XmlElement): object {
  const ids = readFields(MESSAGE_IDS, root)
  if (!isMessageType(type)) return { kind: 'unknown', ...ids }
  return { kind: type, ...ids, ...readFields(messageSchemas[type], root) }
}
