import { createDecipheriv } from 'node:crypto'
import type { Envelope } from '../../crypto/envelope.ts'
import type { XmlElement, XmlValue } from '../../xml/element.ts'
import { parseXml } from '../../xml/parse.ts'
import { Finding } from './finding.ts'
import type { WireAnswer } from './wire.ts'

/** A passive reply, decrypted where it came encrypted. */
export interface Reply {
  readonly root: XmlElement
  /** What it came in, when it was encrypted. */
  readonly envelope?: Envelope
}

/**
 * The reply in an answer that WeChat would take; undefined for `success` and for an empty body, which say that there is
 * none ("Passive reply").
 *
 * @param key what opens an encrypted one; how well it was closed is what other checks ask
 * @throws {Finding} for a status other than 200, or a body that is none of the three
 */
export function takenReply(answer: WireAnswer, key: Buffer | undefined): Reply | undefined {
  if (answer.status !== 200) throw unexpected(answer)
  const text = textOf(answer.body).trim()
  if (text === '' || text === 'success') return undefined
  const reply = readReply(text, key)
  if (!reply) throw unexpected(answer)
  return reply
}

/** The reply in an answer, whatever its status; undefined when there is none. */
export function findReply({ body }: WireAnswer, key: Buffer | undefined): Reply | undefined {
  return readReply(body.toString().trim(), key)
}

/** @throws {Finding} when what deserved no reply got one */
export function expectNoReply(answer: WireAnswer, key: Buffer | undefined): void {
  if (findReply(answer, key) === undefined) return
  throw new Finding({
    en: `it answers with a reply: ${quote(answer.body)}`,
    zh: `它给出了回复：${quote(answer.body)}`,
  })
}

function readReply(text: string, key: Buffer | undefined): Reply | undefined {
  const root = readXml(text)
  if (!root) return undefined
  const { Encrypt: encrypt, TimeStamp: timestamp, Nonce: nonce, MsgSignature: msgSignature } = root
  if (encrypt === undefined) return root['MsgType'] === undefined ? undefined : { root }
  if (typeof encrypt !== 'string' || !key) return undefined
  const inner = readXml(openLoosely(encrypt, key))
  if (!inner) return undefined
  const envelope = { encrypt, timestamp: one(timestamp), nonce: one(nonce), msgSignature: one(msgSignature) }
  return { root: inner, envelope }
}

function readXml(text: string | undefined): XmlElement | undefined {
  try {
    return text === undefined ? undefined : parseXml(Buffer.from(text)).root
  } catch {
    return undefined
  }
}

const LENGTH_AT = 16
const MESSAGE_AT = 20

/** Reads by the length alone, as an envelope whose padding or AppID is wrong can be read too; undefined otherwise. */
function openLoosely(encrypt: string, key: Buffer): string | undefined {
  try {
    const cipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    const plain = Buffer.concat([cipher.update(encrypt, 'base64'), cipher.final()])
    return plain.toString('utf8', MESSAGE_AT, MESSAGE_AT + plain.readUInt32BE(LENGTH_AT))
  } catch {
    return undefined
  }
}

/** The text of an element that stands once; the empty text for one that is missing, repeated or has children. */
export function one(value: XmlValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new Finding({ en: 'its answer is not UTF-8', zh: '返回的内容不是 UTF-8 编码' })
  }
}

/** An answer that is not what it should be, in few words. */
export function unexpected({ status, body }: WireAnswer): Finding {
  return new Finding({
    en: `it answers ${status} with ${quote(body) || 'an empty body'}`,
    zh: `它返回 ${status}，内容为${quote(body) || '空'}`,
  })
}

const QUOTED = 90

/** The beginning of a body, printable, in quotation marks. */
export function quote(body: Buffer | string): string {
  const text = body.toString().replace(/[^\P{C}\n]|\s+/gu, ' ')
  if (text === '') return ''
  return `“${text.length > QUOTED ? `${[...text].slice(0, QUOTED).join('')}…` : text}”`
}
