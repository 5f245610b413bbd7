import type { IncomingMessage } from '../message/types.ts'

/**
 * What tells a follower's message from his others, and is the same each time WeChat delivers it: CreateTime with MsgId,
 * of an event with its name and key. Undefined for a message without MsgId, which nothing tells from the next.
 */
export function identityOf(message: IncomingMessage): string | undefined {
  const { CreateTime, MsgId } = message
  if (MsgId) return `${CreateTime} ${MsgId}`
  if (message.MsgType !== 'event') return undefined
  const { EventKey } = message.fields
  return `${CreateTime} ${message.Event} ${typeof EventKey === 'string' ? EventKey : ''}`
}
