import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { classicToken, stableToken } from '../../src/token/endpoints.ts'
import type { HttpCall } from '../../src/token/http-call.ts'
import { TokenError } from '../../src/token/token-error.ts'
import { scratch } from '../store/processes.ts'
import { freePort } from '../store/redis-server.ts'
import { directCall } from './direct-call.ts'
import { type Answer, startUpstream } from './fake-upstream.ts'

const SECRET = '0123456789abcdef0123456789abcdef'
const VALUE = 'A'.repeat(136)

function json(value: unknown, status = 200): Answer {
  return response => response.writeHead(status).end(JSON.stringify(value))
}

async function failureOf(base: string, call: HttpCall = directCall): Promise<TokenError> {
  const error: unknown = await stableToken(base, call)
    .fetch('wx0123456789abcdef', SECRET)
    .catch((error: unknown) => error)
  if (error instanceof TokenError) return error
  throw new Error(`not a TokenError: ${error}`)
}

async function failureAfter(t: Test, answer: Answer): Promise<TokenError> {
  const { base } = await startUpstream(t, answer)
  const error = await failureOf(base)
  t.notMatch(`${error.message} ${error.zh} ${error.stack} ${JSON.stringify(error)}`, SECRET)
  return error
}

t.test('stable_token is asked by POST, and never forced to make a new token', async t => {
  const { base, questions } = await startUpstream(t, json({ access_token: VALUE, expires_in: 7200 }))
  t.strictSame(await stableToken(base, directCall).fetch('wx01', SECRET), { value: VALUE, lifetime: 7_200_000 })
  t.strictSame(questions, [
    {
      method: 'POST',
      url: '/cgi-bin/stable_token',
      body: `{"grant_type":"client_credential","appid":"wx01","secret":"${SECRET}","force_refresh":false}`,
    },
  ])
})

t.test('the classic token is asked by GET', async t => {
  const { base, questions } = await startUpstream(t, json({ access_token: VALUE, expires_in: 7200 }))
  t.strictSame(await classicToken(base, directCall).fetch('wx01', 'a&b=c'), { value: VALUE, lifetime: 7_200_000 })
  t.strictSame(questions, [
    { method: 'GET', url: '/cgi-bin/token?grant_type=client_credential&appid=wx01&secret=a%26b%3Dc', body: '' },
  ])
})

t.test('a path in apiBase is kept', async t => {
  const { base, questions } = await startUpstream(t, json({ access_token: VALUE, expires_in: 7200 }))
  await stableToken(`${base}/weixin`, directCall).fetch('wx01', SECRET)
  t.equal(questions[0]?.url, '/weixin/cgi-bin/stable_token')
})

t.test('no token lives longer than 7300 seconds', async t => {
  const { base } = await startUpstream(t, json({ access_token: VALUE, expires_in: 999_999 }))
  t.equal((await stableToken(base, directCall).fetch('wx01', SECRET)).lifetime, 7_300_000)
})

t.test('an errcode of 0 next to a token is none', async t => {
  const { base } = await startUpstream(t, json({ errcode: 0, errmsg: 'ok', access_token: VALUE, expires_in: 7200 }))
  t.equal((await stableToken(base, directCall).fetch('wx01', SECRET)).value, VALUE)
})

for (const [what, answer] of Object.entries({
  'expires_in is missing': { access_token: VALUE },
  'expires_in is 0': { access_token: VALUE, expires_in: 0 },
  'expires_in is negative': { access_token: VALUE, expires_in: -1 },
  'expires_in is a string': { access_token: VALUE, expires_in: '7200' },
  'expires_in is null': { access_token: VALUE, expires_in: null },
  'the token is missing': { expires_in: 7200 },
  'the token has 15 characters': { access_token: 'A'.repeat(15), expires_in: 7200 },
  'the token has 1025 characters': { access_token: 'A'.repeat(1025), expires_in: 7200 },
  'the token has a line end in it': { access_token: `${VALUE}\n`, expires_in: 7200 },
  'the token is a number': { access_token: 1234567890123456, expires_in: 7200 },
  'the answer is an array': [],
  'the answer is null': null,
})) {
  t.test(`an answer is refused when ${what}`, async t => {
    t.match(await failureAfter(t, json(answer)), { name: 'TokenError', code: 'MALFORMED', lasting: false })
  })
}

for (const length of [16, 512, 1024]) {
  t.test(`a token of ${length} characters is accepted`, async t => {
    const { base } = await startUpstream(t, json({ access_token: 'A'.repeat(length), expires_in: 7200 }))
    t.equal((await stableToken(base, directCall).fetch('wx01', SECRET)).value.length, length)
  })
}

for (const [code, lasting, sentence] of [
  [-1, false, /WeChat is busy/],
  [40001, true, /AppSecret is wrong/],
  [40013, true, /AppID is wrong/],
  [40125, true, /AppSecret is wrong, or was reset/],
  [40243, true, /frozen/],
  [45009, true, /day's quota/],
  [45011, true, /minute's quota/],
  [50004, true, /may not use tokens/],
  [89503, true, /administrator to confirm/],
  [12345, false, /12345/],
] as const) {
  t.test(`errcode ${code} is an error with what to do, and with WeChat's words`, async t => {
    const error = await failureAfter(t, json({ errcode: code, errmsg: 'their words rid: 1-2-3' }))
    t.match(error, { code, lasting })
    t.match(error.message, sentence)
    t.match(error.message, `${code}: `)
    t.match(error.message, '(their words rid: 1-2-3)')
    t.match(error.zh, /获取 access token：/)
  })
}

t.test('40164 names the address that is to be entered, and where', async t => {
  const errmsg = 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2-3'
  const error = await failureAfter(t, json({ errcode: 40164, errmsg }))
  t.match(error.message, 'enter 203.0.113.7 in the API IP whitelist (developers.weixin.qq.com/platform')
  t.match(error.zh, '把 203.0.113.7 填入 API IP 白名单（微信开发者平台')
  t.equal(error.lasting, true)
})

t.test('a secret that WeChat repeats is not passed on', async t => {
  const error = await failureAfter(t, json({ errcode: 40125, errmsg: `invalid appsecret ${SECRET}` }))
  t.match(error.message, 'invalid appsecret ***')
})

t.test('a redirect is not followed', async t => {
  const elsewhere = await startUpstream(t)
  const error = await failureAfter(t, response => response.writeHead(307, { Location: elsewhere.base }).end())
  t.match(error, { code: 'REDIRECT', lasting: true })
  t.strictSame(elsewhere.questions, [])
})

t.test('an answer of 500, HTML, or half of it is an error', async t => {
  t.match(await failureAfter(t, json({}, 500)), { code: 'HTTP 500', lasting: false })
  t.match(await failureAfter(t, response => response.end('<html>Bad Gateway</html>')), { code: 'MALFORMED' })
  t.match(await failureAfter(t, response => response.end('{"access_token":"AAAA')), { code: 'MALFORMED' })
  const cut: Answer = response => {
    response.writeHead(200, { 'Content-Length': '1000' }).write('{"access_token":')
    setImmediate(() => response.destroy())
  }
  t.match(await failureAfter(t, cut), { code: 'ECONNRESET' })
})

t.test('an answer of 10 MB is not read to its end', async t => {
  t.match(await failureAfter(t, response => response.end(Buffer.alloc(10_000_000, 'x'))), { code: 'TOO_LARGE' })
})

/** The real call, with a time that a test can wait for. */
const impatient: HttpCall = request => {
  t.equal(request.timeout, 2500)
  return directCall({ ...request, timeout: 100 })
}

t.test('an answer that does not come, or comes drop by drop, is given up in time', async t => {
  const silent = await startUpstream(t, () => {})
  t.match(await failureOf(silent.base, impatient), { code: 'TIMEOUT', lasting: false })
  const slow = await startUpstream(t, response => {
    const drops = setInterval(() => response.write(' '), 10)
    response.on('close', () => clearInterval(drops))
  })
  t.match(await failureOf(slow.base, impatient), { code: 'TIMEOUT' })
  const mute = net.createServer(() => {}).listen(0, '127.0.0.1')
  await once(mute, 'listening')
  t.teardown(() => mute.close())
  t.match(await failureOf(`https://127.0.0.1:${(mute.address() as AddressInfo).port}`, impatient), { code: 'TIMEOUT' })
})

t.test('nobody listening and a name that does not exist are errors', async t => {
  t.match(await failureOf(`http://127.0.0.1:${await freePort()}`), { code: 'ECONNREFUSED' })
  t.match((await failureOf('http://no-such-host.invalid')).code, /ENOTFOUND|EAI_AGAIN/)
})

const skip = process.platform === 'win32' && 'Windows has no openssl'

t.test('a certificate that is not valid is an error', { skip }, async t => {
  const directory = scratch(t)
  const files = ['-keyout', `${directory}/key.pem`, '-out', `${directory}/certificate.pem`, '-subj', '/CN=localhost']
  spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...files])
  const server = https.createServer(
    { key: fs.readFileSync(`${directory}/key.pem`), cert: fs.readFileSync(`${directory}/certificate.pem`) },
    (_, response) => response.end('{}'),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const error = await failureOf(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
  t.match(error, { code: 'TLS', lasting: false })
  t.match(error.message, /certificate is not valid/)
})

t.test('a proxy in the environment gets nothing to see', async t => {
  const { base, questions } = await startUpstream(t, json({ access_token: VALUE, expires_in: 7200 }))
  const proxy = await startUpstream(t)
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']
  for (const name of names) process.env[name] = proxy.base
  t.teardown(() => {
    for (const name of names) delete process.env[name]
  })
  await stableToken(base, directCall).fetch('wx01', SECRET)
  t.equal(questions.length, 1)
  t.equal(proxy.questions.length, 0)
})
