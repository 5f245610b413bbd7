import http from 'node:http'
import net from 'node:net'
import t from 'tap'
import { createLogger } from '../../../src/log.ts'
import { startFakeApi } from '../../../src/simulator/api/server.ts'
import { ACCOUNT, FAN } from '../sample.ts'
import { fakeApi } from './fake.ts'

const CLIENT = { grant_type: 'client_credential', appid: ACCOUNT.appId, secret: ACCOUNT.appSecret }

t.test('who asks for a token must be the account', async t => {
  const { get, post } = await fakeApi(t)
  const codes = async (change: object) => {
    const client = { ...CLIENT, ...change }
    return [(await get('/cgi-bin/token', client)).errcode, (await post('/cgi-bin/stable_token', client)).errcode]
  }
  t.strictSame(await codes({}), [undefined, undefined])
  t.strictSame(await codes({ grant_type: 'password' }), [40002, 40002])
  t.strictSame(await codes({ appid: 'wxffffffffffffffff' }), [40013, 40013])
  t.strictSame(await codes({ appid: '' }), [41002, 41002])
  t.strictSame(await codes({ secret: 'wrong' }), [40125, 40125])
  t.strictSame(await codes({ secret: '' }), [41004, 41004])
})

t.test('the classic call has 2000 tokens a day', async t => {
  const { api, get } = await fakeApi(t)
  for (let call = 2; call <= 2000; call++) await get('/cgi-bin/token', CLIENT)
  t.match(await get('/cgi-bin/token', CLIENT), { errcode: 45009, errmsg: /^reach max api daily quota limit rid: / })
  t.equal(api.calls.length, 1000, 'the last thousand are kept')
})

t.test('errors are HTTP 200, JSON and a rid that rid/get knows', async t => {
  const { call, sent } = await fakeApi(t)
  const { response, answer } = await call('/cgi-bin/menu/get?access_token=foreign-token-0123456789')
  t.equal(response.status, 200)
  t.equal(response.headers.get('content-type'), 'application/json; encoding=utf-8')
  t.match(answer, {
    errcode: 40001,
    errmsg: /^invalid credential, .* getStableAccessToken, .* rid: [\da-f]{8}-[\da-f]{8}-[\da-f]{8}$/,
  })
  const rid = answer.errmsg.slice(-26)
  const { request } = await sent('/cgi-bin/openapi/rid/get', { rid })
  t.match(request, { request_url: '?access_token=***', response_body: /"errcode":40001/, client_ip: '127.0.0.1' })
  t.match(await sent('/cgi-bin/openapi/rid/get', { rid: '00000000-00000000-00000000' }), { errcode: 76001 })
  t.match(await sent('/cgi-bin/openapi/rid/get', { rid: 'x' }), { errcode: 76002 })
})

t.test('what is asked wrongly is answered as WeChat answers', async t => {
  const { get, asked, sent } = await fakeApi(t)
  t.match(await get('/cgi-bin/menu/get'), { errcode: 41001 })
  t.match(await asked('/cgi-bin/menu/create'), { errcode: 43002 })
  t.match(await sent('/cgi-bin/menu/get', {}), { errcode: 43001 })
  t.match(await asked('/cgi-bin/nothing'), { errcode: 40066 })
  t.match(await asked('/constructor'), { errcode: 40066 })
  for (const body of ['{', 'a=1', '[]', '"x"', 'null']) {
    t.match(await sent('/cgi-bin/menu/create', body), { errcode: 47001 }, body)
  }
  t.match(await sent('/cgi-bin/menu/create', ''), { errcode: 44002 })
  t.match(await sent('/cgi-bin/menu/create', '{"button":[{"name":"\\u6728"}]}'), { errcode: 40033 })
  t.match(await sent('/cgi-bin/menu/create', 'x'.repeat(12 * 1024 * 1024)), { errcode: 45001 })
})

t.test('everything that it was asked is recorded and told, without secrets', async t => {
  const { api, post, sent, token } = await fakeApi(t)
  const told: string[] = []
  const end = api.onCall(({ path, errcode }) => told.push(`${path} ${errcode}`))
  await post('/cgi-bin/stable_token', CLIENT)
  await post('/cgi-bin/clear_quota/v2', { appid: ACCOUNT.appId, appsecret: ACCOUNT.appSecret })
  await sent('/cgi-bin/tags/create', { tag: { name: '木棉' } })
  end()
  await post('/sns/nothing', {}, { code: 'CODE-123', refresh_token: 'REFRESH-123' })
  t.strictSame(told, ['/cgi-bin/stable_token 0', '/cgi-bin/clear_quota/v2 0', '/cgi-bin/tags/create 0'])
  const text = JSON.stringify(api.calls)
  for (const secret of [ACCOUNT.appSecret, token, 'CODE-123', 'REFRESH-123']) t.notOk(text.includes(secret))
  t.match(api.calls[0], { method: 'GET', path: '/cgi-bin/token', query: /&secret=\*\*\*$/, status: 200, errcode: 0 })
  t.match(api.calls[1], {
    method: 'POST',
    body: /"secret":"\*\*\*"/,
    answer: '{"access_token":"***","expires_in":7200}',
  })
  t.match(api.calls[3], { query: '?access_token=***', body: '{"tag":{"name":"木棉"}}', answer: /"id":100/ })
})

t.test('errors on demand befall calls by path and so often', async t => {
  const { api, asked, sent, get } = await fakeApi(t)
  api.trouble([
    { trouble: 45009, path: '/cgi-bin/user/', times: 1 },
    { trouble: -1, path: '/cgi-bin/menu/get' },
  ])
  t.match(await asked('/cgi-bin/user/get'), { errcode: 45009, errmsg: /daily quota limit/ })
  t.match(await asked('/cgi-bin/user/get'), { total: 0 })
  t.match(await asked('/cgi-bin/menu/get'), { errcode: -1, errmsg: /^system error/ })
  t.match(await sent('/cgi-bin/menu/create', { button: [] }), { errcode: 40016 })

  for (const trouble of [40001, 42001]) {
    api.trouble({ trouble })
    t.match(await asked('/cgi-bin/user/get'), { errcode: trouble })
    t.match(await get('/cgi-bin/token', CLIENT), { expires_in: 7200 }, 'a call without a token')
  }
  api.trouble({ trouble: 40164 })
  t.match(await get('/cgi-bin/token', CLIENT), {
    errcode: 40164,
    errmsg: /^invalid ip 127\.0\.0\.1 .*not in whitelist/,
  })
  t.match(await asked('/cgi-bin/user/get'), { total: 0 })
  api.trouble(undefined)
  t.match(await get('/cgi-bin/token', CLIENT), { expires_in: 7200 })
})

t.test('an answer can be missing, or break off', async t => {
  const { api, asked } = await fakeApi(t)
  api.trouble({ trouble: 'cut', times: 1 })
  await t.rejects(asked('/cgi-bin/user/get'))
  api.trouble({ trouble: 'stall', times: 1 })
  const stalled = new Promise(resolve => api.onCall(resolve))
  const leaving = new AbortController()
  const waiting = fetch(`${api.url}/cgi-bin/getcallbackip`, { signal: leaving.signal })
  t.match(await stalled, { path: '/cgi-bin/getcallbackip', status: 0, answer: '' })
  leaving.abort()
  await t.rejects(waiting)
  t.match(await asked('/cgi-bin/user/get'), { total: 0 })
})

t.test('it listens on the loopback, and answers nobody who calls it by another name', async t => {
  const { api } = await fakeApi(t)
  const { port, hostname } = new URL(api.url)
  t.equal(hostname, '127.0.0.1')
  const status = await new Promise(resolve => {
    http.get(
      { port, host: '127.0.0.1', path: '/cgi-bin/token', headers: { Host: `evil.example:${port}` } },
      response => {
        response.resume()
        resolve(response.statusCode)
      },
    )
  })
  t.equal(status, 403)
  t.equal(api.calls.length, 1, 'only the token')
})

t.test('a port that is taken and a menu that WeChat would refuse are told in both languages', async t => {
  const taken = net.createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => taken.once('listening', resolve))
  t.teardown(() => taken.close())
  const { port } = taken.address() as net.AddressInfo
  await t.rejects(startFakeApi({ account: ACCOUNT, port }), { message: /the port is in use/, zh: /端口已被占用/ })
  const menu = { button: [{ name: 'a', type: 'click', key: 'k'.repeat(129) }] }
  await t.rejects(startFakeApi({ account: ACCOUNT, menu }), {
    message: /refuse this menu: 40019/,
    zh: /拒绝这个菜单：40019/,
  })
})

t.test('what is not simulated is logged', async t => {
  const lines: string[] = []
  const { asked } = await fakeApi(t, { log: createLogger(line => lines.push(line)) })
  await asked('/cgi-bin/draft/count')
  t.strictSame(lines, ['weixin warn: this call is not simulated path=/cgi-bin/draft/count'])
})

t.test('a listener of the phone hears what is sent to a follower', async t => {
  const { api, sent } = await fakeApi(t)
  const heard: unknown[] = []
  api.noteAction({ openid: FAN, kind: 'text' })
  const end = api.onFollowerMessage((openid, message) => heard.push([openid, message]))
  const text = { touser: FAN, msgtype: 'text', text: { content: '晚到的回答' } }
  t.match(await sent('/cgi-bin/message/custom/send', text), { errcode: 0 })
  end()
  await sent('/cgi-bin/message/custom/send', text)
  t.strictSame(heard, [[FAN, { type: 'text', content: '晚到的回答' }]])
})
