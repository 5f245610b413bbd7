import type { EventOf, IncomingMessage, MessageOf } from '../../src/message/types.ts'

export function f(message: IncomingMessage) {
  if (message.MsgType === 'text') {
    const only: MessageOf<'text'> = message
    const s: string = message.Content
    return [only, s]
  }
  if (message.kind === 'event:SCAN') {
    const only: EventOf<'SCAN'> = message
    const s: string | undefined = message.scene
    return [only, s]
  }
  if (message.MsgType === 'event') {
    const e: string = message.Event
    // @ts-expect-error
    message.EventKey
    return e
  }
  if (message.kind === 'unknown') { const a: string = message.MsgType; return a }
  // @ts-expect-error
  return message.Content
}
