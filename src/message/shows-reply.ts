import { menuKeyEvents } from './events.ts'
import type { IncomingMessage } from './types.ts'

const SHOWN = new Set(['event:subscribe', 'event:SCAN', ...menuKeyEvents.map(name => `event:${name}`)])

/**
 * Whether WeChat shows the follower a reply to this: to all that followers write, and to the few events that they cause
 * themselves. What is answered to any other event is lost ("Passive reply").
 */
export function showsReply({ kind, MsgType }: IncomingMessage): boolean {
  return MsgType !== 'event' || SHOWN.has(kind)
}
