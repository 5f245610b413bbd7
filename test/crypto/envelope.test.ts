import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { CryptoError } from '../../src/crypto/crypto-error.ts'
import { openEnvelope, readEnvelope, seal, sealEnvelope } from '../../src/crypto/envelope.ts'
import { sign } from '../../src/crypto/signature.ts'
import {
  APP_ID,
  CREDENTIALS,
  EMPTY,
  ENCODING_AES_KEY,
  FOREIGN,
  FULL_BLOCK,
  fixed,
  KEY,
  MESSAGE,
  PUBLISHED,
  REPLY,
  TOKEN,
} from './vectors.ts'

const OLD_KEY = Buffer.alloc(32, 'o')
const SEAL = { token: TOKEN, key: KEY, appId: APP_ID, timestamp: '1893456002', nonce: '772019364', random: randomBytes }

/** The message with its Encrypt text changed, and signed anew. */
function resigned(encrypt: string) {
  const { timestamp, nonce } = MESSAGE
  return { encrypt, timestamp, nonce, msgSignature: sign(TOKEN, timestamp, nonce, encrypt) }
}

function codeOf(action: () => unknown): number | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    return error instanceof CryptoError ? error.code : Number.NaN
  }
}

t.test('the known envelopes open', async t => {
  for (const vector of [MESSAGE, FULL_BLOCK, REPLY, EMPTY]) {
    const { xml, token, key } = openEnvelope(vector, CREDENTIALS)
    t.equal(xml.toString(), vector.xml)
    t.equal(token, TOKEN)
    t.equal(key, KEY)
  }
  const { token, key, appId } = PUBLISHED
  t.equal(
    openEnvelope(PUBLISHED, { tokens: [token], aesKeys: [key], appId }).xml.toString(),
    '{"demo_resp":"good luck"}',
  )
})

t.test('a reply is sealed byte for byte', async t => {
  t.equal(
    sealEnvelope(REPLY.xml, { ...SEAL, random: fixed(REPLY.random) }),
    `<xml><Encrypt><![CDATA[${REPLY.encrypt}]]></Encrypt><MsgSignature><![CDATA[b3a1a85e48ed490d8496cba21304174f761ac71d]]></MsgSignature><TimeStamp>1893456002</TimeStamp><Nonce><![CDATA[772019364]]></Nonce></xml>`,
  )
  const { xml, random, encrypt, timestamp, nonce, msgSignature } = PUBLISHED
  t.strictSame(seal(xml, { ...PUBLISHED, random: fixed(random) }), { encrypt, timestamp, nonce, msgSignature })
})

t.test('white space in the Encrypt text does not count', async t => {
  const broken = MESSAGE.encrypt.replace(/.{76}/g, '$&\r\n')
  t.equal(openEnvelope({ ...MESSAGE, encrypt: ` ${broken}\t` }, CREDENTIALS).xml.toString(), MESSAGE.xml)
})

t.test('a wrong msg_signature is refused whatever is inside', async t => {
  const wrong = [sign('other', MESSAGE.timestamp, MESSAGE.nonce, MESSAGE.encrypt), '', 'x', '0'.repeat(40)]
  // The signature of the plain query must never pass for the one that covers the content.
  wrong.push(sign(TOKEN, MESSAGE.timestamp, MESSAGE.nonce))
  for (const msgSignature of wrong) {
    for (const { encrypt } of [MESSAGE, FOREIGN, { encrypt: '!!' }, { encrypt: 'A'.repeat(44) }]) {
      t.equal(
        codeOf(() => openEnvelope({ ...MESSAGE, encrypt, msgSignature }, CREDENTIALS)),
        -40001,
      )
    }
  }
  t.equal(
    codeOf(() => openEnvelope({ ...MESSAGE, nonce: '772019365' }, CREDENTIALS)),
    -40001,
    'another nonce',
  )
  t.equal(
    codeOf(() => openEnvelope(MESSAGE, { ...CREDENTIALS, tokens: [] })),
    -40001,
    'no Token',
  )
})

t.test('a rightly signed envelope that cannot be opened tells why', async t => {
  t.equal(
    codeOf(() => openEnvelope(FOREIGN, CREDENTIALS)),
    -40005,
  )
  t.equal(
    codeOf(() => openEnvelope(MESSAGE, { ...CREDENTIALS, aesKeys: [OLD_KEY] })),
    -40007,
  )
  t.equal(
    codeOf(() => openEnvelope(MESSAGE, { ...CREDENTIALS, aesKeys: [] })),
    -40004,
    'no key',
  )
  t.equal(
    codeOf(() => openEnvelope(resigned('!!YWJj*'), CREDENTIALS)),
    -40010,
  )
  t.equal(
    codeOf(() => openEnvelope(resigned('YWJj'), CREDENTIALS)),
    -40007,
  )
  // Without a text the signature of the plain query is the right one.
  t.equal(
    codeOf(() => openEnvelope(resigned(''), CREDENTIALS)),
    -40007,
  )
})

t.test('the previous Token and the previous key are accepted, and named for the reply', async t => {
  const old = seal('<xml/>', { ...SEAL, token: 'oldToken', key: OLD_KEY })
  const opened = openEnvelope(old, { tokens: [TOKEN, 'oldToken'], aesKeys: [KEY, OLD_KEY], appId: APP_ID })
  t.strictSame(opened, { xml: Buffer.from('<xml/>'), token: 'oldToken', key: OLD_KEY })
  const newKey = seal('<xml/>', { ...SEAL, token: 'oldToken' })
  t.match(openEnvelope(newKey, { tokens: [TOKEN, 'oldToken'], aesKeys: [KEY, OLD_KEY], appId: APP_ID }), {
    token: 'oldToken',
    key: KEY,
  })
})

t.test('of two keys that fail, the one that came further says why', async t => {
  for (const aesKeys of [
    [KEY, OLD_KEY],
    [OLD_KEY, KEY],
  ]) {
    t.equal(
      codeOf(() => openEnvelope(FOREIGN, { ...CREDENTIALS, aesKeys })),
      -40005,
    )
  }
})

t.test('a nonce cannot break out of its element', async t => {
  t.equal(readEnvelope(sealEnvelope(REPLY.xml, { ...SEAL, nonce: 'a]]><b>' })).nonce, 'a]]><b>')
})

t.test('a timestamp that is not decimal is not sealed', async t => {
  t.equal(
    codeOf(() => sealEnvelope(REPLY.xml, { ...SEAL, timestamp: '1</TimeStamp>' })),
    -40011,
  )
})

t.test('what is sealed can be read and opened by the other side', async t => {
  const nonce = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }).filter(text => text.trim() === text)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), nonce, (content, nonce) => {
      const envelope = readEnvelope(sealEnvelope(content, { ...SEAL, nonce }))
      return openEnvelope(envelope, CREDENTIALS).xml.toString() === content && envelope.nonce === nonce
    }),
    { seed: 20260101, numRuns: 300 },
  )
  t.pass('300 replies')
})

t.test('a reply that is no envelope is refused', async t => {
  t.equal(
    codeOf(() => readEnvelope(REPLY.xml)),
    -40002,
  )
  t.throws(() => readEnvelope('success'), { name: 'XmlError' })
})

t.test('an error has its code and both languages, and none of the secrets', async t => {
  for (const action of [
    () => openEnvelope({ ...MESSAGE, msgSignature: '' }, CREDENTIALS),
    () => openEnvelope(FOREIGN, CREDENTIALS),
    () => openEnvelope(MESSAGE, { ...CREDENTIALS, aesKeys: [OLD_KEY] }),
  ]) {
    try {
      action()
      t.fail('it must throw')
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error
      t.match(error.message, new RegExp(`^${error.code}: [a-zA-Z]`))
      t.match(error.zh, new RegExp(`^${error.code}：.*[\u4e00-\u9fff]`))
      for (const secret of [TOKEN, ENCODING_AES_KEY, KEY.toString(), 'o'.repeat(8)]) {
        t.notOk(`${error.stack}${error.zh}`.includes(secret))
      }
    }
  }
})
