import { createCipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { decodeAesKey, decrypt, encrypt } from '../../src/crypto/cipher.ts'
import {
  APP_ID,
  EMPTY,
  ENCODING_AES_KEY,
  FOREIGN,
  FULL_BLOCK,
  fixed,
  KEY,
  MESSAGE,
  PUBLISHED,
  REPLY,
} from './vectors.ts'

/** Encrypts whatever bytes it is given: also what `encrypt` would never make. */
function encryptRaw(plain: Buffer): string {
  const cipher = createCipheriv('aes-256-cbc', KEY, KEY.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
}

/** A plaintext with the length and the padding as given. */
function plaintext(message: string, length: number, padding: readonly number[]): Buffer {
  const head = Buffer.alloc(20, 'r')
  head.writeUInt32BE(length, 16)
  return Buffer.concat([head, Buffer.from(message + APP_ID), Buffer.from(padding)])
}

/** `byte` that many times over: the padding that fills the plaintext of `message` up to 32. */
function paddingFor(message: string): number[] {
  const size = 32 - ((20 + message.length + APP_ID.length) % 32)
  return Array(size).fill(size)
}

t.test('the known messages are encrypted to the known texts', async t => {
  for (const { random, xml, encrypt: text } of [MESSAGE, FULL_BLOCK, REPLY, EMPTY]) {
    t.equal(encrypt(xml, KEY, APP_ID, fixed(random)), text)
    t.equal(encrypt(Buffer.from(xml), KEY, APP_ID, fixed(random)), text, 'as bytes')
  }
  t.equal(encrypt('x', KEY, 'wxffffffffffffffff', fixed(FOREIGN.random)), FOREIGN.encrypt)
  t.equal(encrypt(PUBLISHED.xml, PUBLISHED.key, PUBLISHED.appId, fixed(PUBLISHED.random)), PUBLISHED.encrypt)
})

t.test('the known texts are decrypted to the known messages', async t => {
  for (const { xml, encrypt: text } of [MESSAGE, FULL_BLOCK, REPLY, EMPTY]) {
    t.equal(decrypt(text, KEY, APP_ID).toString(), xml)
  }
  t.equal(decrypt(PUBLISHED.encrypt, PUBLISHED.key, PUBLISHED.appId).toString(), '{"demo_resp":"good luck"}')
})

t.test('a message for another AppID is refused', async t => {
  t.throws(() => decrypt(FOREIGN.encrypt, KEY, APP_ID), { name: 'CryptoError', code: -40005 })
  t.throws(() => decrypt(MESSAGE.encrypt, KEY, `${APP_ID}8`), { code: -40005 }, 'a longer one')
  t.throws(() => decrypt(MESSAGE.encrypt, KEY, APP_ID.slice(0, -1)), { code: -40005 }, 'a shorter one')
  t.throws(() => decrypt(MESSAGE.encrypt, KEY, ''), { code: -40005 }, 'none')
})

t.test('an EncodingAESKey has 43 characters of base64, and its spare bits do not matter', async t => {
  for (const last of '0123') {
    t.equal(decodeAesKey(`${ENCODING_AES_KEY.slice(0, 42)}${last}`).toString(), 'forestPathWithLanternsAndRiversM')
  }
  for (const wrong of [
    '',
    'A'.repeat(42),
    'A'.repeat(44),
    `${'A'.repeat(43)}=`,
    `${'A'.repeat(42)}-`,
    `${'A'.repeat(42)}\n`,
  ]) {
    t.throws(() => decodeAesKey(wrong), { name: 'CryptoError', code: -40004 }, JSON.stringify(wrong))
  }
})

t.test('each of the 32 paddings is taken off', async t => {
  const sizes = new Set<number>()
  for (let length = 0; length < 32; length++) {
    const message = 'm'.repeat(length)
    const padding = paddingFor(message)
    sizes.add(padding.length)
    t.equal(decrypt(encryptRaw(plaintext(message, length, padding)), KEY, APP_ID).toString(), message)
  }
  t.equal(sizes.size, 32)
})

t.test('a padding that is not one is refused', async t => {
  // 20 bytes, 8 of message and 18 of AppID: 18 bytes of padding belong there.
  const refused = {
    zero: Array(18).fill(0),
    'one byte more than a block': Array(18).fill(33),
    'the largest byte': Array(18).fill(255),
    'the first byte differs': [17, ...Array(17).fill(18)],
    'a byte in the middle differs': [...Array(9).fill(18), 0, ...Array(8).fill(18)],
    'the last byte differs': [...Array(17).fill(18), 17].map((byte, index) => (index === 5 ? 3 : byte)),
  }
  for (const [name, padding] of Object.entries(refused)) {
    t.throws(() => decrypt(encryptRaw(plaintext('eightmsg', 8, padding)), KEY, APP_ID), { code: -40007 }, name)
  }
  const wholeBlock = [31, ...Array(31).fill(32)]
  t.throws(
    () => decrypt(encryptRaw(plaintext('m'.repeat(26), 26, wholeBlock)), KEY, APP_ID),
    { code: -40007 },
    'the first byte of a whole block differs',
  )
})

t.test('lengths that do not add up are refused', async t => {
  const padding = paddingFor('eightmsg')
  for (const [name, length] of Object.entries({
    'negative when signed': 0xffffffff,
    'the largest positive': 0x7fffffff,
    'one beyond the end': 27,
  })) {
    t.throws(() => decrypt(encryptRaw(plaintext('eightmsg', length, padding)), KEY, APP_ID), { code: -40008 }, name)
  }
  t.throws(
    () => decrypt(encryptRaw(plaintext('eightmsg', 26, padding)), KEY, APP_ID),
    { code: -40005 },
    'up to the end',
  )
  t.throws(() => decrypt(encryptRaw(Buffer.alloc(32, 32)), KEY, APP_ID), { code: -40008 }, 'nothing but padding')
  t.throws(() => decrypt(encryptRaw(Buffer.alloc(32, 13)), KEY, APP_ID), { code: -40008 }, 'no room for the length')
})

t.test('what is not base64 in its one right spelling is refused', async t => {
  const refused = {
    'other characters': '!!YWJj\n*',
    'other characters inside': MESSAGE.encrypt.replace('TT3', '!!!'),
    'the alphabet of URLs': MESSAGE.encrypt.replaceAll('+', '-').replaceAll('/', '_'),
    'without its padding': MESSAGE.encrypt.slice(0, -1),
    'with too much padding': `${MESSAGE.encrypt}=`,
    'padding in the middle': MESSAGE.encrypt.replace('TT3', '==='),
    'spare bits that are not zero': MESSAGE.encrypt.replace(/M=$/, 'N='),
    'more than a mebibyte': 'A'.repeat(2 ** 21),
  }
  for (const [name, text] of Object.entries(refused)) {
    t.throws(() => decrypt(text, KEY, APP_ID), { name: 'CryptoError', code: -40010 }, name)
  }
  t.throws(() => decrypt('A'.repeat(1_398_104), KEY, APP_ID), { code: -40007 }, 'a mebibyte is looked at')
  t.throws(() => decrypt('A'.repeat(1_398_108), KEY, APP_ID), { code: -40010 }, 'and four characters more are not')
})

t.test('a text that is not whole blocks of this key is refused', async t => {
  const bytes = Buffer.from(MESSAGE.encrypt, 'base64')
  const refused = {
    empty: '',
    'one block of AES': bytes.subarray(0, 16).toString('base64'),
    'one byte less': bytes.subarray(0, -1).toString('base64'),
    'one byte more': Buffer.concat([bytes, Buffer.of(0)]).toString('base64'),
  }
  for (const [name, text] of Object.entries(refused)) t.throws(() => decrypt(text, KEY, APP_ID), { code: -40007 }, name)
  t.throws(() => decrypt(MESSAGE.encrypt, Buffer.alloc(32, 7), APP_ID), { code: -40007 }, 'another key')
  t.throws(() => decrypt(MESSAGE.encrypt, Buffer.alloc(16), APP_ID), { code: -40007 }, 'a key that AES refuses')
  t.throws(() => encrypt('x', Buffer.alloc(16), APP_ID, randomBytes), { code: -40006 }, 'and when encrypting')
})

t.test('any message comes back as it was', async t => {
  const message = fc.string({ unit: 'grapheme', maxLength: 300 })
  const random = fc.uint8Array({ minLength: 16, maxLength: 16 })
  fc.assert(
    fc.property(message, random, (text, bytes) => {
      const encrypted = encrypt(text, KEY, APP_ID, () => Buffer.from(bytes))
      return decrypt(encrypted, KEY, APP_ID).toString() === text
    }),
    { seed: 20260101, numRuns: 500 },
  )
  t.pass('500 messages')
})

t.test('one flipped bit never brings another message with the same length to light', async t => {
  const bytes = Buffer.from(MESSAGE.encrypt, 'base64')
  fc.assert(
    fc.property(fc.nat(31 * 8), bit => {
      const changed = Buffer.from(bytes)
      const at = bytes.length - 1 - (bit >> 3)
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit & 7)), at)
      try {
        decrypt(changed.toString('base64'), KEY, APP_ID)
        return false
      } catch (error) {
        return error instanceof Error && error.name === 'CryptoError'
      }
    }),
    { seed: 20260101, numRuns: 256 },
  )
  t.pass('256 changes in the last two blocks')
})
