import { Context } from '../../src/dispatch/context.ts'
import { createLogger } from '../../src/log.ts'
import { parseMessage } from '../../src/message/parse.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { parseXml } from '../../src/xml/parse.ts'

/** A message with these elements, read from XML as every message is. */
export function incoming(elements: string): IncomingMessage {
  const head = '<ToUserName>gh_a</ToUserName><FromUserName>oFan</FromUserName><CreateTime>1893456000</CreateTime>'
  return parseMessage(parseXml(Buffer.from(`<xml>${head}${elements}</xml>`)))
}

export function incomingText(content: string): IncomingMessage {
  return incoming(`<MsgType>text</MsgType><Content><![CDATA[${content}]]></Content>`)
}

export function incomingEvent(name: string, elements = ''): IncomingMessage {
  return incoming(`<MsgType>event</MsgType><Event>${name}</Event>${elements}`)
}

/** The context of a message, with a log that nobody reads. */
export function contextOf(message: IncomingMessage): Context {
  return new Context(
    message,
    createLogger(() => {}),
  )
}
