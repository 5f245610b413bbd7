import { createCipheriv, createDecipheriv } from 'node:crypto'
import { type CryptoCode, CryptoError } from './crypto-error.ts'

/*
 * The cipher of WeChat's "message encryption" documentation: AES-256-CBC, the IV being the first 16 bytes of the key,
 * over
 *
 *   16 random bytes | length of the message, 4 bytes, big-endian | message | AppID | padding
 */

/** PKCS#7 over blocks of 32 bytes, twice AES's own: OpenSSL's padding check would refuse half of all messages. */
const PADDING_BLOCK = 32
const AES_BLOCK = 16
const LENGTH_AT = 16
const MESSAGE_AT = 20
/** Base64 characters of one mebibyte; messages have some kilobytes. */
const TEXT_LIMIT = Math.ceil(2 ** 20 / 3) * 4

/** That many bytes nobody can foretell, as `randomBytes` of node:crypto gives them. */
export type RandomBytes = (size: number) => Buffer

/**
 * The 32 bytes that an EncodingAESKey stands for. Its 43 characters hold two bits more than that, and the console
 * does not care what they are.
 *
 * @throws {CryptoError} -40004 unless it is 43 characters of base64
 */
export function decodeAesKey(encodingAesKey: string): Buffer {
  if (!/^[A-Za-z0-9+/]{43}$/.test(encodingAesKey)) throw new CryptoError(-40004)
  return Buffer.from(encodingAesKey, 'base64')
}

/**
 * The message as an Encrypt text: base64 on one line.
 *
 * @throws {CryptoError} -40006 when AES refuses the key
 */
export function encrypt(message: string | Buffer, key: Buffer, appId: string, random: RandomBytes): string {
  const length = Buffer.byteLength(message)
  const end = MESSAGE_AT + length + Buffer.byteLength(appId)
  const padding = PADDING_BLOCK - (end % PADDING_BLOCK)
  const plain = Buffer.alloc(end + padding, padding)
  random(LENGTH_AT).copy(plain)
  plain.writeUInt32BE(length, LENGTH_AT)
  if (typeof message === 'string') plain.write(message, MESSAGE_AT)
  else message.copy(plain, MESSAGE_AT)
  plain.write(appId, MESSAGE_AT + length)
  return aes(createCipheriv, plain, key, -40006).toString('base64')
}

/**
 * The message inside an Encrypt text.
 *
 * @param text base64 without white space, at most 1 MiB when decoded
 * @throws {CryptoError} -40010 not base64, -40007 not encrypted with this key, -40008 lengths that do not add up,
 * -40005 another AppID
 */
export function decrypt(text: string, key: Buffer, appId: string): Buffer {
  const plain = aes(createDecipheriv, decodeBase64(text), key, -40007)
  const end = plain.length - paddingLength(plain)
  const appIdAt = MESSAGE_AT + plain.readUInt32BE(LENGTH_AT)
  if (appIdAt > end) throw new CryptoError(-40008)
  if (plain.toString('latin1', appIdAt, end) !== appId) throw new CryptoError(-40005)
  return plain.subarray(MESSAGE_AT, appIdAt)
}

/** Node passes over whatever is not base64; only what encodes to the same text again was base64 throughout. */
function decodeBase64(text: string): Buffer {
  if (text.length > TEXT_LIMIT) throw new CryptoError(-40010)
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw new CryptoError(-40010)
  return bytes
}

function aes(
  create: typeof createCipheriv | typeof createDecipheriv,
  data: Buffer,
  key: Buffer,
  code: CryptoCode,
): Buffer {
  if (data.length < PADDING_BLOCK || data.length % AES_BLOCK !== 0) throw new CryptoError(code)
  try {
    const cipher = create('aes-256-cbc', key, key.subarray(0, AES_BLOCK)).setAutoPadding(false)
    return Buffer.concat([cipher.update(data), cipher.final()])
  } catch (cause) {
    throw new CryptoError(code, { cause })
  }
}

/** From 1 to 32 bytes, each of which must say so. Always looks at 32, so that the time does not tell which was wrong. */
function paddingLength(plain: Buffer): number {
  const length = plain.readUInt8(plain.length - 1)
  let wrong = length < 1 || length > PADDING_BLOCK ? 1 : 0
  for (let back = 1; back <= PADDING_BLOCK; back++) {
    wrong |= back <= length ? plain.readUInt8(plain.length - back) ^ length : 0
  }
  if (wrong) throw new CryptoError(-40007)
  return length
}
