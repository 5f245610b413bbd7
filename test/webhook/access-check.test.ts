import t from 'tap'
import { sign } from '../../src/crypto/signature.ts'
import { createReceiver, NOW, PLAIN, type Received, SAFE, SIGNED } from './receiver.ts'

const FORBIDDEN: Received = {
  status: 403,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  body: 'forbidden\n',
}

/** A query that is rightly signed for a timestamp and a nonce. */
function signed(timestamp: string, nonce = '772019364'): string {
  return `signature=${sign('kapokTree2031', timestamp, nonce)}&timestamp=${timestamp}&nonce=${nonce}`
}

const VECTORS = [
  ['kapokTree2031', '1893456000', '772019364', '37042fb7a52e1804cfc711349e6b839fef326386'],
  // Sorted as text, 100 comes before 99.
  ['Zz9', '99', '100', '41c434f07503eb071f7f8c33d5c37103b17046ed'],
  ['AAAAA', '1714036504', '1514711492', 'f464b24fc39322e44b38aa78f5edd27bd1441696'],
  ['AAAAA', '1714037059', '486452656', '899cf89e464efb63f54ddac96b0a0a235f53aa78'],
] as const

t.test('a right signature is answered with exactly the bytes of echostr', async t => {
  for (const [token, timestamp, nonce, signature] of VECTORS) {
    const { receive, log } = createReceiver({ account: { ...PLAIN, tokens: [token] }, now: Number(timestamp) })
    const query = `signature=${signature}&echostr=5838479218127813673&timestamp=${timestamp}&nonce=${nonce}`
    t.strictSame(await receive({ query }), {
      status: 200,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
      body: '5838479218127813673',
    })
    t.match(await receive({ query: query.replace(signature, signature.toUpperCase()) }), { status: 200 }, 'capitals')
    t.strictSame(log, [])
  }
})

t.test('the access check is answered in safe mode, and with either Token while it is being changed', async t => {
  t.match(await createReceiver({ account: SAFE }).receive({ query: `${SIGNED}&echostr=1` }), { status: 200, body: '1' })
  const changed = createReceiver({ account: { ...PLAIN, tokens: ['birch', 'kapokTree2031'] } })
  t.match(await changed.receive({ query: `${SIGNED}&echostr=1` }), { status: 200, body: '1' })
})

t.test('echostr comes back as text, whatever is in it', async t => {
  const { receive } = createReceiver()
  const echoes = {
    '0012345678901234567890': '0012345678901234567890',
    'a+b%20c%2Bd': 'a b c+d',
    '%3Cscript%3Ealert(1)%3C%2Fscript%3E': '<script>alert(1)</script>',
    '%E6%9C%A8%E6%A3%89%F0%9F%8C%B3': '木棉🌳',
    '1=2': '1=2',
    [`${'e'.repeat(256)}`]: 'e'.repeat(256),
  }
  for (const [encoded, body] of Object.entries(echoes)) {
    const answer = await receive({ query: `${SIGNED}&echostr=${encoded}` })
    t.strictSame([answer.status, answer.body], [200, body])
    t.equal(answer.headers['Content-Type'], 'text/plain; charset=utf-8')
    t.equal(answer.headers['X-Content-Type-Options'], 'nosniff')
  }
})

t.test('a query that is not as WeChat writes it is forbidden', async t => {
  const signature = '37042fb7a52e1804cfc711349e6b839fef326386'
  const refused: Readonly<Record<string, string>> = {
    'nothing at all': '',
    'no signature': 'timestamp=1893456000&nonce=772019364',
    'no timestamp': `signature=${signature}&nonce=772019364`,
    'no nonce': `signature=${signature}&timestamp=1893456000`,
    'an empty nonce': `signature=${signature}&timestamp=1893456000&nonce=`,
    'a parameter without a value': `signature&timestamp=1893456000&nonce=772019364`,
    'signature twice': `${SIGNED}&signature=${signature}`,
    'timestamp twice': `${SIGNED}&timestamp=1893456000`,
    'nonce twice': `${SIGNED}&nonce=772019364`,
    'echostr twice': `${SIGNED}&echostr=1`,
    'timestamp twice, once encoded': `${SIGNED}&t%69mestamp=1893456000`,
    'an array': SIGNED.replace('nonce=', 'nonce[]='),
    'another case': SIGNED.replace('nonce', 'Nonce'),
    'a signature one digit short': SIGNED.replace(signature, signature.slice(1)),
    'a signature one digit long': SIGNED.replace(signature, `${signature}0`),
    'a signature that is not hexadecimal': SIGNED.replace(signature, `${signature.slice(1)}g`),
    'an empty signature': SIGNED.replace(signature, ''),
    'a broken escape': SIGNED.replace('772019364', '%zz'),
    'an escape that ends too early': SIGNED.replace('772019364', '77201936%3'),
    NUL: SIGNED.replace('772019364', '772019364%00'),
    'a blank': SIGNED.replace('772019364', '772019364+'),
    'overlong UTF-8': SIGNED.replace('772019364', '%C0%AF'),
    'a lone surrogate': SIGNED.replace('772019364', '%ED%A0%80'),
    'a nonce of 129 characters': signed('1893456000', '7'.repeat(129)),
    'a nonce of 64 KiB': SIGNED.replace('772019364', '7'.repeat(65536)),
  }
  for (const [name, query] of Object.entries(refused)) {
    const { receive, log } = createReceiver()
    t.strictSame(await receive({ query: `${query}&echostr=5838479218127813673` }), FORBIDDEN, name)
    t.equal(log.length, 1, `${name}: one line`)
    t.match(log[0], /^weixin warn: query parameter \w+ is .* status=403 reason=query$/)
  }
})

t.test('escapes that mean the same are the same', async t => {
  const { receive } = createReceiver()
  const encoded = SIGNED.replace('772019364', '%37%372019364').replace('nonce', 'n%6Fnce')
  t.match(await receive({ query: `${encoded}&echostr=7` }), { status: 200, body: '7' })
  const spaced = createReceiver()
  t.match(await spaced.receive({ query: `${signed('1893456000', 'a%2Bb')}&echostr=7` }), { status: 403 }, 'not before')
  const plus = sign('kapokTree2031', '1893456000', 'a+b')
  const query = `signature=${plus}&timestamp=1893456000&nonce=a%2Bb&echostr=7`
  t.match(await spaced.receive({ query }), { status: 200 }, 'the decoded nonce is what was signed')
})

t.test("the owner's own parameters are passed over, whatever they are like", async t => {
  const { receive } = createReceiver()
  for (const own of ['site=a&site=b', '%zz=1', 'x=%C0%AF', '&&', '=', `p=${'q'.repeat(65536)}`, '__proto__=1']) {
    t.match(await receive({ query: `${own}&${SIGNED}&echostr=7` }), { status: 200, body: '7' }, own.slice(0, 20))
  }
})

t.test('a signature by another Token is forbidden, and the log says what to do', async t => {
  const { receive, log } = createReceiver({ account: { ...PLAIN, tokens: ['birch'] } })
  t.strictSame(await receive({ query: `${SIGNED}&echostr=%3Cscript%3E1%3C%2Fscript%3E` }), FORBIDDEN)
  t.equal(log.length, 1)
  t.match(log[0], /^weixin warn: -40001: the signature does not match; .* Token .* status=403 reason=-40001$/)
})

t.test('a timestamp that was changed no longer fits its signature', async t => {
  const { receive, log } = createReceiver()
  t.strictSame(await receive({ query: `${SIGNED.replace('1893456000', '1893456001')}&echostr=7` }), FORBIDDEN)
  t.match(log[0], /reason=-40001$/)
  t.strictSame(await receive({ query: `${SIGNED.replace('772019364', '0772019364')}&echostr=7` }), FORBIDDEN)
})

t.test('a timestamp may be 300 seconds off in either direction, and no more', async t => {
  const { receive, log } = createReceiver()
  for (const offset of [-300, -1, 0, 1, 300]) {
    t.match(await receive({ query: `${signed(String(NOW + offset))}&echostr=7` }), { status: 200, body: '7' })
  }
  t.strictSame(log, [])
  for (const timestamp of [NOW - 301, NOW + 301, 0, 2 ** 53, NOW - 315360000]) {
    t.strictSame(await receive({ query: `${signed(String(timestamp))}&echostr=7` }), FORBIDDEN, String(timestamp))
    t.match(log.at(-1), /clock.*"replayWindow" account=default ms=0 status=403 reason=replay$/)
  }
})

t.test('a timestamp is decimal digits', async t => {
  const { receive, log } = createReceiver({ replayWindow: 0 })
  for (const timestamp of ['-1893456000', '1e9', '0x70dc8b80', '1893456000.5', '', 'NaN', '1'.repeat(17)]) {
    t.strictSame(await receive({ query: `${signed(timestamp)}&echostr=7` }), FORBIDDEN, timestamp)
    t.match(log.at(-1), /query parameter timestamp is .* reason=query$/)
  }
})

t.test('the window can be set, and 0 accepts any age', async t => {
  const { receive } = createReceiver({ replayWindow: 10 })
  t.match(await receive({ query: `${signed(String(NOW - 10))}&echostr=7` }), { status: 200 })
  t.match(await receive({ query: `${signed(String(NOW - 11))}&echostr=7` }), { status: 403 })
  const any = createReceiver({ replayWindow: 0 })
  for (const timestamp of ['0', '1', '9007199254740992']) {
    t.match(await any.receive({ query: `${signed(timestamp)}&echostr=7` }), { status: 200 }, timestamp)
  }
})

t.test('a GET without echostr, or with one over 256 characters, is forbidden', async t => {
  const { receive, log } = createReceiver()
  for (const query of [SIGNED, `${SIGNED}&echostr=${'e'.repeat(257)}`]) {
    t.strictSame(await receive({ query }), FORBIDDEN)
    t.match(log.at(-1), /^weixin warn: a GET without echostr.* status=403 reason=echostr$/)
  }
  t.strictSame(await receive({ query: `${SIGNED}&echostr=%zz` }), FORBIDDEN)
  t.match(log.at(-1), /reason=query$/)
})
