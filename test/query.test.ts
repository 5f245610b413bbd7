import t from 'tap'
import { readQuery } from '../src/query.ts'

const SIGNATURE = '37042fb7a52e1804cfc711349e6b839fef326386'
const SIGNED = `signature=${SIGNATURE}&timestamp=1893456000&nonce=772019364`

t.test('the parameters of an access check, in any order, as text', async t => {
  const echostr = '5838479218127813673'
  const expected = { signature: SIGNATURE, timestamp: '1893456000', nonce: '772019364', echostr }
  t.strictSame(readQuery(`${SIGNED}&echostr=${echostr}`), expected)
  t.strictSame(readQuery(`echostr=${echostr}&nonce=772019364&timestamp=1893456000&signature=${SIGNATURE}`), expected)
})

t.test('the parameters of a message, without those that are absent', async t => {
  t.strictSame(readQuery(SIGNED), { signature: SIGNATURE, timestamp: '1893456000', nonce: '772019364' })
  t.strictSame(readQuery(`${SIGNED}&openid=oFan&encrypt_type=aes&msg_signature=abc`), {
    signature: SIGNATURE,
    timestamp: '1893456000',
    nonce: '772019364',
    encryptType: 'aes',
    msgSignature: 'abc',
  })
})

t.test('leading zeros stay', async t => {
  t.match(readQuery(SIGNED.replace('=1893456000', '=001893456000').replace('772019364', '007')), {
    timestamp: '001893456000',
    nonce: '007',
  })
})

t.test('percent escapes and + are decoded in names and values', async t => {
  t.match(readQuery(`${SIGNED}&ech%6Fstr=a%2Bb+c%E6%9C%A8`), { echostr: 'a+b c木' })
  t.match(readQuery(`${SIGNED}&echostr=a=b`), { echostr: 'a=b' })
  t.match(readQuery(`${SIGNED}&echostr=`), { echostr: '' })
  t.match(readQuery(`${SIGNED}&echostr`), { echostr: '' })
})

t.test("the owner's own parameters are passed over, even when they cannot be decoded", async t => {
  const own = 'a=1&a=2&%zz=1&b=%zz&__proto__=x&constructor=y&toString&&='
  t.strictSame(Object.keys(readQuery(`${own}&${SIGNED}&${own}`)), ['signature', 'timestamp', 'nonce'])
})

t.test('a fault is a refusal that names the parameter', async t => {
  const faults = {
    signature: ['', 'x=1', `timestamp=1&nonce=2&signature=${SIGNATURE}0`, `${SIGNED}&signature=1`],
    timestamp: [`signature=${SIGNATURE}&nonce=1`, SIGNED.replace('1893456000', '-1'), `${SIGNED}&timestamp=1893456000`],
    nonce: [
      SIGNED.replace('772019364', ''),
      SIGNED.replace('772019364', '%00'),
      SIGNED.replace('772019364', '%E6%9C%A8'),
    ],
    echostr: [`${SIGNED}&echostr=%zz`, `${SIGNED}&echostr=%C0%AF`, `${SIGNED}&echostr=1&echostr=1`],
    encrypt_type: [`${SIGNED}&encrypt_type=aes&encrypt_type=raw`],
    msg_signature: [`${SIGNED}&msg_signature=a&msg_signature=b`],
  }
  for (const [name, queries] of Object.entries(faults)) {
    for (const query of queries) {
      t.throws(() => readQuery(query), {
        name: 'Refusal',
        status: 403,
        reason: 'query',
        line: 'forbidden',
        message: `query parameter ${name} is missing, repeated or malformed; WeChat sends each of its parameters once`,
        zh: `请求参数 ${name} 缺失、重复或格式不正确；微信的每个参数只会出现一次`,
      })
    }
  }
})
