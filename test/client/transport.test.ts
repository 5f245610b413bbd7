import http from 'node:http'
import net from 'node:net'
import t from 'tap'
import { apiHosts, createHostList } from '../../src/client/hosts.ts'
import { TransportError } from '../../src/client/transport-error.ts'
import { ConfigError } from '../../src/errors.ts'
import { clientOf, listening, nobody, OK, platform, rejection, type Script } from './platform.ts'

const FOLLOWERS = '{"total":1,"count":0,"next_openid":""}'
const message = { touser: 'o1', msgtype: 'text', text: { content: 'hello' } } as const

t.test('when a host cannot be reached the next one is asked, whatever the call', async t => {
  const { url, received } = await platform(t, OK)
  const client = clientOf(t, [await nobody(), await nobody(), url])
  await client.customMessage.send(message)
  t.equal(received.length, 1)
})

t.test('a name that is not known makes room for the next host', async t => {
  const { url, received } = await platform(t, OK)
  await clientOf(t, ['http://api.weixin.invalid', url]).customMessage.send(message)
  t.equal(received.length, 1)
})

t.test('the host that answered is asked first from then on', async t => {
  const first = await platform(t, (response => response.destroy()) as Script, FOLLOWERS)
  const second = await platform(t, FOLLOWERS)
  const client = clientOf(t, [first.url, second.url])
  await client.user.list()
  await client.user.list()
  t.equal(first.received.length, 1)
  t.equal(second.received.length, 2)
})

t.test('many calls that fail at the same host together move on by one', async t => {
  const hosts = createHostList(['http://a.example', 'http://b.example', 'http://c.example'])
  hosts.failed('http://a.example')
  hosts.failed('http://a.example')
  t.equal(hosts.current(), 'http://b.example')
  hosts.failed('http://b.example')
  hosts.failed('http://c.example')
  t.equal(hosts.current(), 'http://a.example')
})

t.test('a call that may have arrived is not given to the next host', async t => {
  const first = await platform(t, response => response.destroy())
  const second = await platform(t, OK)
  t.match(await rejection(clientOf(t, [first.url, second.url]).customMessage.send(message)), { reason: 'lost' })
  t.equal(second.received.length, 0)
})

t.test('when no host can be reached the error says so, once all were tried', async t => {
  const error = await rejection(clientOf(t, [await nobody(), await nobody()]).user.list())
  t.ok(error instanceof TransportError)
  t.match(error, { reason: 'unreachable', code: 'ECONNREFUSED', sent: false })
  t.match(error.message, /^GET \/cgi-bin\/user\/get at 127\.0\.0\.1:\d+: no connection; .* \(ECONNREFUSED\)$/)
})

t.test('a host that accepts and then says nothing is given up in time', async t => {
  const silent = net.createServer(() => {})
  const port = await listening(t, silent)
  const { url, received } = await platform(t, OK)
  const client = clientOf(t, [`https://127.0.0.1:${port}`, url], { connectTimeout: 400 })
  await client.customMessage.send(message)
  t.equal(received.length, 1)
  const alone = clientOf(t, `https://127.0.0.1:${port}`, { connectTimeout: 400 })
  t.match(await rejection(alone.user.list()), { reason: 'connect-timeout', sent: false })
})

t.test('an answer that drips is given up in time', async t => {
  const { url } = await platform(t, response => {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 5)
    response.on('close', () => clearInterval(timer))
  })
  t.match(await rejection(clientOf(t, url, { timeout: 100 }).customMessage.send(message)), { reason: 'timeout' })
})

t.test('a connection that came in time leaves the answer its own time', async t => {
  const { url, received } = await platform(t, response => {
    const timer = setTimeout(() => response.end(FOLLOWERS), 800)
    response.on('close', () => clearTimeout(timer))
  })
  t.equal((await clientOf(t, url, { connectTimeout: 400 }).user.list()).total, 1)
  t.equal(received.length, 1)
})

t.test('one call may have its own time', async t => {
  const { url } = await platform(t, () => {})
  t.match(await rejection(clientOf(t, url).customMessage.send(message, { timeout: 50 })), { reason: 'timeout' })
})

t.test('an answer that is no answer of WeChat is an error that says what came', async t => {
  const cases: readonly (readonly [Script, Record<string, unknown>])[] = [
    ['<html>welcome to the hotel</html>', { reason: 'malformed' }],
    ['', { reason: 'malformed' }],
    ['{"errcode":0', { reason: 'malformed' }],
    [response => response.writeHead(404).end('{"error":"none"}'), { reason: 'status', code: '404' }],
    [response => response.writeHead(200, { 'Content-Length': 2000 }).end(' '.repeat(2000)), { reason: 'too-large' }],
    [response => response.writeHead(200).end('x'.repeat(2_000_000)), { reason: 'too-large' }],
  ]
  for (const [script, expected] of cases) {
    const { url } = await platform(t, script)
    const error = await rejection(clientOf(t, url, { maxAnswer: 1000 }).customMessage.send(message))
    t.ok(error instanceof TransportError)
    t.match(error, expected)
    t.notMatch(error.message, /hotel|error|xxx/)
  }
})

t.test('a redirection is not followed, so that the token goes nowhere else', async t => {
  const elsewhere = await platform(t, FOLLOWERS)
  for (const status of [301, 302, 307, 308]) {
    const { url } = await platform(t, response => {
      response.writeHead(status, { Location: `${elsewhere.url}/cgi-bin/user/get` }).end()
    })
    await t.rejects(clientOf(t, url).user.list(), { reason: 'status', code: `${status}` })
  }
  t.equal(elsewhere.received.length, 0)
})

t.test('an errcode counts under any HTTP status and any media type', async t => {
  for (const status of [200, 412, 500]) {
    const { url } = await platform(t, response =>
      response.writeHead(status, { 'Content-Type': 'text/html' }).end('{"errcode":"45009","errmsg":"no"}'),
    )
    t.match(await rejection(clientOf(t, url).customMessage.send(message)), { errcode: 45009 })
  }
})

t.test('what reads keeps its connection, what must not be sent twice gets one of its own', async t => {
  const server = http.createServer((_, response) => response.end(FOLLOWERS))
  let connections = 0
  server.on('connection', () => connections++)
  const client = clientOf(t, `http://127.0.0.1:${await listening(t, server)}`)
  await client.user.list()
  await client.user.list()
  t.equal(connections, 1)
  await client.customMessage.send(message)
  await client.customMessage.send(message)
  t.equal(connections, 3)
})

t.test("WeChat's address has four alternates, any other stands alone", async t => {
  t.strictSame(apiHosts('https://api.weixin.qq.com'), [
    'https://api.weixin.qq.com',
    'https://api2.weixin.qq.com',
    'https://sh.api.weixin.qq.com',
    'https://sz.api.weixin.qq.com',
    'https://hk.api.weixin.qq.com',
  ])
  t.strictSame(apiHosts('http://127.0.0.1:8080'), ['http://127.0.0.1:8080'])
})

t.test('an address may have a path, and need not end where ours begins', async t => {
  const { url, received } = await platform(t, FOLLOWERS)
  await clientOf(t, `${url}/wechat/`).user.list()
  t.equal(received[0]?.path, '/wechat/cgi-bin/user/get')
})

t.test('what is no address is refused when the client is made', async t => {
  for (const hosts of [[], ['api.weixin.qq.com'], ['ftp://x'], ['https://user:password@host'], ['https://h/?q']]) {
    t.throws(() => clientOf(t, hosts), ConfigError)
  }
})

t.test('whether a lost call was carried out is only a question where it changes something', async t => {
  const { url } = await platform(t, () => {})
  const client = clientOf(t, url, { timeout: 50 })
  t.match(await rejection(client.user.list()), {
    message: /: no whole answer in time; call again later$/,
    zh: /：未能在时限内收到完整应答；请稍后重试$/,
  })
  t.match(await rejection(client.customMessage.send(message)), {
    message: /: no whole answer in time; whether the call was carried out is not known: look before you call again$/,
    zh: /；无法确定调用是否已执行，请先核实再重试$/,
  })
})
