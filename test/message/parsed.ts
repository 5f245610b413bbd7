import { parseMessage } from '../../src/message/parse.ts'
import { parseXml } from '../../src/xml/parse.ts'

/** The message of a whole document. */
export const parse = (xml: string | Buffer) => parseMessage(parseXml(Buffer.from(xml)))

/** What every message begins with. */
export const ENVELOPE =
  '<ToUserName><![CDATA[gh_a]]></ToUserName><FromUserName><![CDATA[oB]]></FromUserName><CreateTime>1924992000</CreateTime>'

/** A text with these elements more. */
export const parseText = (inner: string) =>
  parse(`<xml>${ENVELOPE}<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi]]></Content>${inner}</xml>`)

/** An event with these elements more. */
export const parseEvent = (name: string, inner = '') =>
  parse(`<xml>${ENVELOPE}<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${name}]]></Event>${inner}</xml>`)
