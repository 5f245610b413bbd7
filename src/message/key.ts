import { hash } from 'node:crypto'
import type { IncomingMessage } from './types.ts'

/**
 * What tells a message from every other, and is the same in each of its deliveries: SHA-1 over all that it holds, so
 * over FromUserName, CreateTime, MsgId or Event and EventKey ("Passive reply") and whatever else there is. The ids alone
 * do not do: one MsgId occurs with several followers, and two events happen in one second.
 *
 * @returns CreateTime in seconds, `-`, and 40 hexadecimal digits
 */
export function messageKey({ fields, CreateTime }: IncomingMessage): string {
  // Compatible mode encrypts each delivery anew.
  const { Encrypt: _, ...lasting } = fields
  const digest = hash('sha1', JSON.stringify(lasting))
  return `${Math.trunc(Math.abs(CreateTime)) || 0}-${digest}`
}
