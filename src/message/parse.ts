import type { XmlElement } from '../xml/element.ts'
import type { XmlDocument } from '../xml/parse.ts'
import { canonicalEventName, eventSchemas } from './events.ts'
import { MessageError } from './message-error.ts'
import { readFields, type Schema } from './schema.ts'
import { type IncomingMessage, isMessageType, messageSchemas } from './types.ts'

// Every message passes here, and V8 takes fifteen times as long to spread objects that were built by a loop.
const { assign } = Object

const COMMON = { ToUserName: 'string', FromUserName: 'string', CreateTime: ['number'], MsgType: 'string' } as const
const MESSAGE_IDS = { MsgId: 'string?', MsgDataId: 'string?', Idx: 'number?' } as const
const EVENT_ID = { MsgId: 'string?' } as const

/**
 * The typed message in a document of the message push, from plain mode or decrypted. White space round MsgType and
 * Event does not count, inside CDATA neither.
 *
 * @throws {MessageError} when ToUserName, FromUserName or MsgType is missing or empty, or when a typed element comes
 *   twice or nested where it must be one piece of text.
 */
export function parseMessage({ root, text }: XmlDocument): IncomingMessage {
  const { ToUserName, FromUserName, CreateTime, MsgType: type } = readFields(COMMON, root)
  const MsgType = type.trim()
  if (!ToUserName) throw new MessageError('missing', 'ToUserName')
  if (!FromUserName) throw new MessageError('missing', 'FromUserName')
  if (!MsgType) throw new MessageError('missing', 'MsgType')
  const message = MsgType === 'event' ? readEvent(root) : readMessage(MsgType, root)
  // WeChat's own example of this event has CreateTime a second time, for the order.
  if (CreateTime.length > 1 && message.kind !== 'event:card_pay_order') throw new MessageError('repeated', 'CreateTime')
  // Which kind has which fields is what the two tables say; a name that came from outside hides it from the compiler.
  const common = { ToUserName, FromUserName, MsgType, CreateTime: CreateTime[0] ?? Number.NaN, fields: root, raw: text }
  return assign(message, common) as IncomingMessage
}

function readEvent(root: XmlElement): { readonly kind: string } {
  const { Event } = readFields(messageSchemas.event, root)
  // In exactly this spelling: `MsgID` is the id of a job, and the event's own field.
  const id = root['MsgId'] === undefined ? {} : readFields(EVENT_ID, root)
  const name = canonicalEventName(Event.trim())
  if (!name) return assign({ kind: 'unknown', Event }, id)
  const schema: Schema = eventSchemas[name]
  return assign({ kind: `event:${name}`, Event }, id, readFields(schema, root))
}

function readMessage(type: string, root: XmlElement): { readonly kind: string } {
  const ids = readFields(MESSAGE_IDS, root)
  if (!isMessageType(type)) return assign({ kind: 'unknown' }, ids)
  const schema: Schema = messageSchemas[type]
  return assign({ kind: type }, ids, readFields(schema, root))
}
