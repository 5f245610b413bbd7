import { type Envelope, type Seal, seal } from '../crypto/envelope.ts'
import { sign } from '../crypto/signature.ts'
import type { Delivery } from './deliver.ts'

/** What the platform signs with: the Token, its clock in Unix seconds as text, and a random number as text. */
export interface Stamp {
  readonly token: string
  readonly timestamp: string
  readonly nonce: string
}

/** The access check that the console makes when its form is saved. */
export function signAccessCheck(stamp: Stamp, echostr: string): Delivery {
  return { method: 'GET', query: `${signed(stamp)}&echostr=${encodeURIComponent(echostr)}`, body: '' }
}

/** A message in plain mode. */
export function signMessage(stamp: Stamp, xml: string, openid: string): Delivery {
  return { method: 'POST', query: `${signed(stamp)}&openid=${encodeURIComponent(openid)}`, body: xml }
}

/**
 * A message in safe mode, or in compatible mode where the plain elements go along.
 *
 * @param xml the message; compatible mode keeps its elements beside Encrypt
 */
export function sealMessage(
  mode: 'compatible' | 'safe',
  stamp: Seal,
  xml: string,
  { toUserName, openid }: { readonly toUserName: string; readonly openid: string },
): Delivery {
  const { encrypt, msgSignature }: Envelope = seal(xml, stamp)
  const beside = mode === 'safe' ? `<ToUserName><![CDATA[${toUserName}]]></ToUserName>` : inside(xml)
  const { query } = signMessage(stamp, xml, openid)
  return {
    method: 'POST',
    query: `${query}&encrypt_type=aes&msg_signature=${msgSignature}`,
    body: `<xml>${beside}<Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`,
  }
}

function inside(xml: string): string {
  return xml.slice('<xml>'.length, -'</xml>'.length)
}

function signed({ token, timestamp, nonce }: Stamp): string {
  return `signature=${sign(token, timestamp, nonce)}&timestamp=${timestamp}&nonce=${encodeURIComponent(nonce)}`
}
