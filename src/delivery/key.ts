import type { IncomingMessage } from '../message/types.ts'

/**
 * What tells a message from every other, and is the same in each of its deliveries ("Passive reply"). MsgId alone
 * occurs with several followers at once, and two events may happen in one second.
 */
export function messageKey(message: IncomingMessage): string {
  const { FromUserName, CreateTime, fields } = message
  if (message.MsgType !== 'event') return joined(FromUserName, CreateTime, text(fields['MsgId']))
  const job = text(fields['MsgID']) || text(fields['trace_id'])
  if (job) return joined(message.Event, job)
  return joined(FromUserName, CreateTime, message.Event, text(fields['EventKey']))
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function joined(...parts: (string | number)[]): string {
  return parts.join('|')
}
