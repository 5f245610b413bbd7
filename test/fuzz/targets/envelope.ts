import { createCipheriv, randomBytes } from 'node:crypto'
import { seal } from '../../../src/crypto/envelope.ts'
import { sign } from '../../../src/crypto/signature.ts'
import { APP_ID, KEY, TOKEN } from '../../crypto/vectors.ts'
import { NOW, openReply, plainPost, SAFE, textXml } from '../../webhook/receiver.ts'
import { createWatched, echo } from '../receiver.ts'
import { promise, type Target } from '../target.ts'

const ask = createWatched(SAFE, echo)
const STAMP = { token: TOKEN, key: KEY, appId: APP_ID, timestamp: String(NOW), nonce: '772019364', random: randomBytes }
const { encrypt } = seal(textXml('hi'), { ...STAMP, random: size => Buffer.alloc(size, 7) })

const XML = Buffer.from(textXml('hi'))
const LENGTH = Buffer.alloc(4)
LENGTH.writeUInt32BE(XML.length)
const PLAIN_BLOCKS = pad(Buffer.concat([Buffer.alloc(16, 7), LENGTH, XML, Buffer.from(APP_ID)]))

/**
 * Envelopes in safe mode. The first byte says how deep the others go: the whole body, the text of Encrypt with a right
 * signature, what is encrypted with padding and all, or the message alone.
 */
export const envelope: Target = {
  name: 'envelope',
  seeds: [
    Buffer.from(
      `0<xml><ToUserName><![CDATA[gh_a0b1c2d3e4f5]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`,
    ),
    Buffer.from(`1${encrypt}`),
    Buffer.concat([Buffer.from('2'), PLAIN_BLOCKS]),
    Buffer.concat([Buffer.from('3'), XML]),
  ],
  words: [
    '=',
    '==',
    '+',
    '/',
    '-',
    '_',
    '\n',
    'A',
    'AAAA',
    '\0',
    '\0\0\0\0',
    '\x20',
    '\x7f',
    '\x01',
    APP_ID,
    'wxffffffffffffffff',
  ].concat(['<Encrypt>', '</Encrypt>', '<![CDATA[', ']]>', '<xml>', '</xml>', textXml('other'), '\u0080']),
  async check(input) {
    const depth = input[0] ?? 0
    const bytes = input.subarray(1)
    const { body, text } = wrap(depth, bytes)
    const { timestamp, nonce } = STAMP
    const signature = sign(TOKEN, timestamp, nonce)
    const msgSignature = sign(TOKEN, timestamp, nonce, text)
    const response = await ask({
      ...plainPost(body),
      query: `signature=${signature}&timestamp=${timestamp}&nonce=${nonce}&encrypt_type=aes&msg_signature=${msgSignature}`,
    })
    promise([200, 400, 403, 413, 415].includes(response.status), `the status ${response.status}`)
    if (response.status !== 200 || response.body === 'success') return
    openReply({ status: 200, headers: {}, body: response.body.toString() })
  },
}

function wrap(depth: number, bytes: Buffer): { readonly body: string | Buffer; readonly text: string } {
  if (depth === 0x31) return enveloped(bytes.toString('latin1'))
  if (depth === 0x32) return enveloped(encryptBlocks(bytes))
  if (depth === 0x33) return enveloped(seal(bytes.toString(), STAMP).encrypt)
  return { body: bytes, text: encrypt }
}

function enveloped(text: string) {
  return { text, body: `<xml><Encrypt><![CDATA[${text}]]></Encrypt></xml>` }
}

/** AES-256-CBC as WeChat uses it, without padding of its own: whole blocks only. */
function encryptBlocks(bytes: Buffer): string {
  const cipher = createCipheriv('aes-256-cbc', KEY, KEY.subarray(0, 16)).setAutoPadding(false)
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 16))
  return Buffer.concat([cipher.update(whole), cipher.final()]).toString('base64')
}

function pad(bytes: Buffer): Buffer {
  const missing = 32 - (bytes.length % 32)
  return Buffer.concat([bytes, Buffer.alloc(missing, missing)])
}
