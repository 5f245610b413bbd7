import t from 'tap'
import { ApiError } from '../../src/client/api-error.ts'
import { TransportError } from '../../src/client/transport-error.ts'
import { createLogger } from '../../src/log.ts'
import { clientOf, OK, platform, rejection, type Script, tokens } from './platform.ts'

const INVALID = '{"errcode":40001,"errmsg":"invalid credential rid: 11112222-33334444-55556666"}'
const EXPIRED = '{"errcode":42001,"errmsg":"access_token expired"}'
const BUSY = '{"errcode":-1,"errmsg":"system error"}'
const FOLLOWERS = '{"total":1,"count":1,"data":{"openid":["o1"]},"next_openid":""}'

const message = { touser: 'o1', msgtype: 'text', text: { content: 'hello' } } as const

const silence: Script = () => {}
const hangUp: Script = response => response.destroy()
const truncate: Script = response => {
  response.writeHead(200, { 'Content-Length': 100 })
  response.write('{"errcode"', () => response.destroy())
}

t.test('a token that is refused is given up, and the call made once more with the next', async t => {
  for (const errcode of [40001, 40014, 42001]) {
    const { url, received } = await platform(t, `{"errcode":${errcode},"errmsg":"no"}`, OK)
    const token = tokens('first-token', 'second-token')
    await clientOf(t, url, { token }).customMessage.send(message)
    t.strictSame(
      received.map(({ query }) => query['access_token']),
      ['first-token', 'second-token'],
    )
    t.strictSame(token.invalidated, ['first-token'])
    t.equal(received[0]?.body.toString(), received[1]?.body.toString())
  }
})

t.test('the second refusal of a token is final', async t => {
  const { url, received } = await platform(t, INVALID, EXPIRED)
  const token = tokens('first-token', 'second-token', 'third-token')
  const error = await rejection(clientOf(t, url, { token }).user.list())
  t.ok(error instanceof ApiError)
  t.match(error, { errcode: 42001, endpoint: 'GET /cgi-bin/user/get' })
  t.equal(received.length, 2)
  t.strictSame(token.invalidated, ['first-token'])
})

t.test('a token that somebody else has renewed meanwhile is not fetched again', async t => {
  const { url, received } = await platform(t, INVALID, FOLLOWERS)
  let fetched = 1
  let cached = 'of-another-process'
  const handedOut = ['stale-token', cached]
  const token = {
    get: async () => ({ value: handedOut.shift() ?? cached }),
    async invalidate(failed: string) {
      if (failed !== cached) return
      fetched++
      cached = 'fetched-anew'
    },
  }
  t.equal((await clientOf(t, url, { token }).user.list()).total, 1)
  t.equal(received[1]?.query['access_token'], 'of-another-process')
  t.equal(fetched, 1)
})

t.test("a visitor's token that is refused is not ours to renew", async t => {
  const { url, received } = await platform(t, INVALID)
  const token = tokens('first-token', 'second-token')
  const client = clientOf(t, url, { token })
  t.match(await rejection(client.oauth.userInfo({ access_token: 'visitor-token', openid: 'o1' })), { errcode: 40001 })
  t.equal(received.length, 1)
  t.strictSame(token.invalidated, [])
})

t.test('a busy platform is asked once more, after a pause', async t => {
  const pauses: number[] = []
  const options = { random: () => 0.5, wait: async (milliseconds: number) => pauses.push(milliseconds) }
  const once = await platform(t, BUSY, OK)
  await clientOf(t, once.url, options).customMessage.send(message)
  t.equal(once.received.length, 2)
  t.strictSame(pauses, [750])

  const always = await platform(t, BUSY)
  t.match(await rejection(clientOf(t, always.url, options).customMessage.send(message)), { errcode: -1 })
  t.equal(always.received.length, 2)
})

t.test('a refused token and a busy platform each have their one repetition', async t => {
  const { url, received } = await platform(t, BUSY, INVALID, BUSY, OK)
  t.match(await rejection(clientOf(t, url).customMessage.send(message)), { errcode: -1 })
  t.equal(received.length, 3)
})

t.test('every other errcode is final', async t => {
  for (const errcode of [45009, 45011, 48001, 40003]) {
    const { url, received } = await platform(t, `{"errcode":${errcode},"errmsg":"no"}`)
    t.match(await rejection(clientOf(t, url).user.list()), { errcode })
    t.equal(received.length, 1)
  }
})

t.test('what may have been carried out is not sent again', async t => {
  for (const [script, reason] of [
    [silence, 'timeout'],
    [hangUp, 'lost'],
    [truncate, 'lost'],
  ] as const) {
    const { url, received } = await platform(t, script, OK)
    const error = await rejection(clientOf(t, url, { timeout: 400 }).customMessage.send(message))
    t.ok(error instanceof TransportError)
    t.match(error, { reason, sent: true, endpoint: 'POST /cgi-bin/message/custom/send' })
    t.equal(received.length, 1, reason)
  }
})

t.test('a call that only reads is made again, once', async t => {
  for (const script of [silence, hangUp, truncate, (response => response.writeHead(502).end('<html>')) as Script]) {
    const { url, received } = await platform(t, script, FOLLOWERS)
    t.equal((await clientOf(t, url, { timeout: 400 }).user.list()).total, 1)
    t.equal(received.length, 2)
  }
  const { url, received } = await platform(t, hangUp)
  t.match(await rejection(clientOf(t, url).user.list()), { reason: 'lost' })
  t.equal(received.length, 2)
})

t.test('an HTTP status of the server’s own failure is asked about once more, one of ours is not', async t => {
  const answered = async (status: number) => {
    const { url, received } = await platform(t, response => response.writeHead(status).end('<html>'))
    t.match(await rejection(clientOf(t, url).user.list()), { reason: 'status', code: `${status}` })
    return received.length
  }
  t.strictSame([await answered(404), await answered(499), await answered(500)], [1, 1, 2])
})

t.test('whether a POST only reads is in the tables, and the caller may say it of any path', async t => {
  const reads = await platform(t, hangUp, '{"rid":"x"}')
  await clientOf(t, reads.url).basic.getRid({ rid: 'x' })
  t.equal(reads.received.length, 2)
  const known = await platform(t, hangUp, '{}')
  await clientOf(t, known.url).request('/cgi-bin/openapi/rid/get', { body: { rid: 'x' } })
  t.equal(known.received.length, 2)
  const unknown = await platform(t, hangUp, '{}')
  t.match(await rejection(clientOf(t, unknown.url).request('/cgi-bin/new/call', { body: {} })), { reason: 'lost' })
  t.equal(unknown.received.length, 1)
  const said = await platform(t, hangUp, '{}')
  await clientOf(t, said.url).request('/cgi-bin/new/call', { body: {}, repeatable: true })
  t.equal(said.received.length, 2)
})

t.test('a GET that changes something is not made again', async t => {
  const { url, received } = await platform(t, hangUp, OK)
  t.match(await rejection(clientOf(t, url).menu.delete()), { reason: 'lost' })
  t.equal(received.length, 1)
})

t.test('a message to many that was sent before counts as sent', async t => {
  const { url } = await platform(t, '{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":9007199254740993}')
  const sent = await clientOf(t, url).mass.sendAll({
    filter: { is_to_all: true },
    msgtype: 'text',
    text: { content: 'hello' },
    clientmsgid: 'once',
  })
  t.equal(sent.msg_id, '9007199254740993')
})

t.test('the log says what was repeated and why, without a token', async t => {
  const { url } = await platform(t, INVALID, FOLLOWERS)
  const lines: string[] = []
  await clientOf(t, url, { log: createLogger(line => lines.push(line)) }).user.list()
  t.strictSame(lines, [
    'weixin warn: calling the API again endpoint="GET /cgi-bin/user/get" cause=token errcode=40001 rid=11112222-33334444-55556666',
  ])
})

t.test('a signal ends a call', async t => {
  const { url, received } = await platform(t, silence)
  const stop = new AbortController()
  const call = clientOf(t, url).user.list({}, { signal: stop.signal })
  while (received.length === 0) await new Promise(resolve => setImmediate(resolve))
  stop.abort(new Error('enough'))
  t.match(await rejection(call), { message: 'enough' })
  t.match(await rejection(clientOf(t, url).user.list({}, { signal: stop.signal })), { message: 'enough' })
  t.equal(received.length, 1)
})
