import t from 'tap'
import { openEnvelope } from '../../src/crypto/envelope.ts'
import { sealMessage, signAccessCheck, signMessage } from '../../src/simulator/sign.ts'
import { parseXml } from '../../src/xml/parse.ts'
import { APP_ID, CREDENTIALS, fixed, KEY, MESSAGE, TOKEN } from '../crypto/vectors.ts'

const STAMP = { token: TOKEN, timestamp: '1893456000', nonce: '772019364' }
const SEAL = { ...STAMP, key: KEY, appId: APP_ID, random: fixed(MESSAGE.random) }
const NAMES = { toUserName: 'gh_a0b1c2d3e4f5', openid: 'oQ7xExampleFan0001' }
const SIGNED = 'signature=37042fb7a52e1804cfc711349e6b839fef326386&timestamp=1893456000&nonce=772019364'

t.test('an access check is a GET with the known signature', async t => {
  t.strictSame(signAccessCheck(STAMP, '5838479218127813673'), {
    method: 'GET',
    query: `${SIGNED}&echostr=5838479218127813673`,
    body: '',
  })
  t.match(signAccessCheck(STAMP, 'a+b &'), { query: `${SIGNED}&echostr=a%2Bb%20%26` })
})

t.test('a plain message is a POST that names the follower', async t => {
  t.strictSame(signMessage(STAMP, '<xml/>', 'oQ7x&'), {
    method: 'POST',
    query: `${SIGNED}&openid=oQ7x%26`,
    body: '<xml/>',
  })
})

t.test('a message in safe mode is the one that OpenSSL encrypted', async t => {
  t.strictSame(sealMessage('safe', SEAL, MESSAGE.xml, NAMES), {
    method: 'POST',
    query: `${SIGNED}&openid=oQ7xExampleFan0001&encrypt_type=aes&msg_signature=b3bcc53a7843b33490105662a89253ac33e1160b`,
    body: `<xml><ToUserName><![CDATA[gh_a0b1c2d3e4f5]]></ToUserName><Encrypt><![CDATA[${MESSAGE.encrypt}]]></Encrypt></xml>`,
  })
})

t.test('a message in compatible mode has both halves', async t => {
  const { query, body } = sealMessage('compatible', SEAL, MESSAGE.xml, NAMES)
  t.match(query, /&encrypt_type=aes&msg_signature=b3bcc53a7843b33490105662a89253ac33e1160b$/)
  const { Encrypt, ...plain } = parseXml(Buffer.from(body)).root
  t.strictSame({ ...plain }, { ...parseXml(Buffer.from(MESSAGE.xml)).root })
  t.equal(openEnvelope({ ...MESSAGE, encrypt: String(Encrypt) }, CREDENTIALS).xml.toString(), MESSAGE.xml)
})
