import { randomBytes } from 'node:crypto'
import { decodeAesKey } from '../../src/crypto/cipher.ts'
import { openEnvelope, readEnvelope } from '../../src/crypto/envelope.ts'
import type { Delivery } from '../../src/simulator/deliver.ts'
import { sealMessage, signMessage } from '../../src/simulator/sign.ts'

export const TOKEN = 'benchToken'
export const APP_ID = 'wxbe4c4be4c4be4c4b'
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'

/** How a message is sent, and what a right answer to it is. */
export type Kind =
  /** Plain mode: its text comes back to whoever wrote it. */
  | 'plain'
  /** Safe mode: the same, encrypted. */
  | 'safe'
  /** Plain mode: always the same text to the same follower, from programs that do not look at the message. */
  | 'fixed'
  /** A GET; the file is such a fixed reply. */
  | 'static'

/** A message as it is sent, and what its answer must have inside. */
export interface BenchMessage extends Delivery {
  readonly path: string
  readonly expected: string
}

const key = decodeAesKey(AES_KEY)

/**
 * The text message of a number, properly signed: another number is another message from another follower.
 *
 * @param seconds the time, in Unix seconds
 */
export function benchMessage(kind: Kind, number: number, seconds: number): BenchMessage {
  if (kind === 'static') return { method: 'GET', path: STATIC_PATH, query: '', body: '', expected: FIXED_TEXT }
  const openid = `oBench${String(number).padStart(22, '0')}`
  const text = `你好 ${number}`
  const xml = messageXml(openid, text, seconds, number)
  const stamp = { token: TOKEN, timestamp: String(seconds), nonce: String(number) }
  const path = '/'
  const expected = kind === 'fixed' ? FIXED_TEXT : `<ToUserName><![CDATA[${openid}]]></ToUserName>`
  if (kind !== 'safe') return { ...signMessage(stamp, xml, openid), path, expected }
  const seal = { ...stamp, key, appId: APP_ID, random: randomBytes }
  return { ...sealMessage('safe', seal, xml, { toUserName: TO, openid }), path, expected }
}

/** Where the file is that is fetched for comparison. */
export const STATIC_PATH = '/static/reply.xml'

/** Whether it is a right answer to this message. */
export function isRightAnswer(kind: Kind, { expected }: BenchMessage, body: Buffer): boolean {
  if (kind !== 'safe') return body.includes(expected)
  const envelope = readEnvelope(body.toString())
  return openEnvelope(envelope, { tokens: [TOKEN], aesKeys: [key], appId: APP_ID }).xml.includes(expected)
}

const TO = 'gh_be4c4be4c4be'
const FIXED_TEXT = '<Content><![CDATA[fixed]]></Content>'

/** What the bare programs answer to everything. */
export const FIXED_REPLY =
  `<xml><ToUserName><![CDATA[oBench]]></ToUserName><FromUserName><![CDATA[${TO}]]></FromUserName>` +
  `<CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType>${FIXED_TEXT}</xml>`

/** As WeChat writes it, line ends included. */
function messageXml(openid: string, text: string, seconds: number, number: number): string {
  return `<xml><ToUserName><![CDATA[${TO}]]></ToUserName>
<FromUserName><![CDATA[${openid}]]></FromUserName>
<CreateTime>${seconds}</CreateTime>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[${text}]]></Content>
<MsgId>${2_400_000_000_000_000 + number}</MsgId>
</xml>`
}
