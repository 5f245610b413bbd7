import { escapeCdata } from '../xml/cdata.ts'
import { parseXml } from '../xml/parse.ts'
import { decrypt, encrypt, type RandomBytes } from './cipher.ts'
import { CryptoError } from './crypto-error.ts'
import { sign, verifySignature } from './signature.ts'

/**
 * An encrypted message and what its signature covers: Encrypt comes from the body; the others come from the query
 * string of a message, and from the body of a reply.
 */
export interface Envelope {
  readonly encrypt: string
  /** Unix seconds, as the decimal text that was signed. */
  readonly timestamp: string
  readonly nonce: string
  readonly msgSignature: string
}

/** What an account accepts; the current value first, then the previous one while it is being changed. */
export interface Credentials {
  readonly tokens: readonly string[]
  /** From `decodeAesKey`. */
  readonly aesKeys: readonly Buffer[]
  readonly appId: string
}

/** The message that was inside, and the Token and the key that were right: the reply is sealed with the same two. */
export interface OpenedEnvelope {
  readonly xml: Buffer
  readonly token: string
  readonly key: Buffer
}

/** What an envelope is sealed with. */
export interface Seal {
  readonly token: string
  readonly key: Buffer
  readonly appId: string
  /** Unix seconds, as decimal text. */
  readonly timestamp: string
  readonly nonce: string
  readonly random: RandomBytes
}

/**
 * Checks an envelope and takes the message out ("message encryption" documentation): the signature first, then the
 * keys in their order. It works in both directions, since a reply has the same envelope as a message.
 *
 * @throws {CryptoError} -40001, -40004 (no key at all), -40005, -40007, -40008 or -40010; all of them take about the
 * same time, because a text with a wrong signature is decrypted too, and thrown away
 */
export function openEnvelope(envelope: Envelope, credentials: Credentials): OpenedEnvelope {
  const text = envelope.encrypt.replace(/\s+/g, '')
  const token = verifySignature(envelope.msgSignature, credentials.tokens, envelope.timestamp, envelope.nonce, text)
  const decrypted = tryKeys(text, credentials)
  if (token === undefined) throw new CryptoError(-40001)
  if (decrypted instanceof CryptoError) throw decrypted
  return { ...decrypted, token }
}

function tryKeys(text: string, { aesKeys, appId }: Credentials): Omit<OpenedEnvelope, 'token'> | CryptoError {
  let fault: CryptoError | undefined
  for (const key of aesKeys) {
    try {
      return { xml: decrypt(text, key, appId), key }
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error
      // -40007 is what every wrong key gives; anything else says more.
      if (!fault || fault.code === -40007) fault = error
    }
  }
  return fault ?? new CryptoError(-40004)
}

/** Encrypts and signs a message or a reply. */
export function seal(xml: string | Buffer, { token, key, appId, timestamp, nonce, random }: Seal): Envelope {
  const text = encrypt(xml, key, appId, random)
  return { encrypt: text, timestamp, nonce, msgSignature: sign(token, timestamp, nonce, text) }
}

/**
 * A reply as it is sent in safe mode; never used for `success`, which goes unencrypted in every mode.
 *
 * @throws {CryptoError} -40011 when the timestamp is not decimal
 */
export function sealEnvelope(replyXml: string, options: Seal): string {
  if (!/^\d+$/.test(options.timestamp)) throw new CryptoError(-40011)
  const { encrypt, msgSignature, timestamp, nonce } = seal(replyXml, options)
  return (
    `<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt><MsgSignature><![CDATA[${msgSignature}]]></MsgSignature>` +
    `<TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${escapeCdata(nonce)}]]></Nonce></xml>`
  )
}

/**
 * What `sealEnvelope` wrote, ready for `openEnvelope`: how a client of this server reads a reply in safe mode.
 *
 * @throws {XmlError} when it is not XML
 * @throws {CryptoError} -40002 when one of the four elements is missing
 */
export function readEnvelope(xml: string): Envelope {
  const { root } = parseXml(Buffer.from(xml))
  const text = (name: string) => {
    const value = root[name]
    if (typeof value !== 'string') throw new CryptoError(-40002)
    return value
  }
  return {
    encrypt: text('Encrypt'),
    timestamp: text('TimeStamp'),
    nonce: text('Nonce'),
    msgSignature: text('MsgSignature'),
  }
}
