import type { Composer } from '../../src/dispatch/composer.ts'
import { Context, type Surroundings } from '../../src/dispatch/context.ts'
import type { Answer } from '../../src/dispatch/handler.ts'
import { createLogger } from '../../src/log.ts'
import { parseMessage } from '../../src/message/parse.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { parseXml } from '../../src/xml/parse.ts'

let sent = 0

/** A message that no other has the id of. */
export function messageFrom(openId: string, elements: string): IncomingMessage {
  sent++
  const head = `<ToUserName>gh_a</ToUserName><FromUserName>${openId}</FromUserName>`
  const tail = elements.includes('<Event>') ? '' : `<MsgId>${1000 + sent}</MsgId>`
  const time = `<CreateTime>${1_893_456_000 + sent}</CreateTime>`
  return parseMessage(parseXml(Buffer.from(`<xml>${head}${time}${elements}${tail}</xml>`)))
}

export function textFrom(openId: string, content: string): IncomingMessage {
  return messageFrom(openId, `<MsgType>text</MsgType><Content><![CDATA[${content}]]></Content>`)
}

export interface Conversation {
  say(content: string): Promise<Answer>
  send(elements: string): Promise<Answer>
  event(name: string): Promise<Answer>
  /** Delivers a message, perhaps again. */
  deliver(message: IncomingMessage): Promise<Answer>
  /** The lines of the log so far. */
  readonly lines: readonly string[]
  readonly surroundings: Surroundings
}

/** One follower who writes to an app; other processes may be imitated with another app and the same surroundings. */
export function conversation(app: Composer, surroundings: Surroundings = {}, openId = 'oFan'): Conversation {
  const lines: string[] = []
  const log = createLogger(line => lines.push(line))
  const complete = { store: createMemoryStore(Date.now), ...surroundings }
  const deliver = (message: IncomingMessage) => app.run(new Context(message, log, complete))
  return {
    deliver,
    say: content => deliver(textFrom(openId, content)),
    send: elements => deliver(messageFrom(openId, elements)),
    event: name => deliver(messageFrom(openId, `<MsgType>event</MsgType><Event>${name}</Event>`)),
    lines,
    surroundings: complete,
  }
}
