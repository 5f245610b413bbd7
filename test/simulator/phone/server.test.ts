import { once } from 'node:events'
import http from 'node:http'
import t from 'tap'
import { ACCOUNT } from '../sample.ts'
import { phoneFor } from './phone.ts'

t.test('the page comes with its key only, is never kept, and may load nothing from elsewhere', async t => {
  const { phone, get } = await phoneFor(t)
  t.match(phone.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/)
  const page = await get('')
  t.equal(page.status, 200)
  const { 'cache-control': cache, 'content-security-policy': policy, ...headers } = Object.fromEntries(page.headers)
  t.equal(cache, 'no-store')
  t.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/)
  t.match(headers, {
    'content-type': 'text/html; charset=utf-8',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-resource-policy': 'same-origin',
  })
  t.equal(headers['access-control-allow-origin'], undefined)
  t.equal((await get('script.js')).headers.get('content-type'), 'text/javascript; charset=utf-8')
  t.equal((await get('nothing')).status, 404)

  const { origin } = new URL(phone.url)
  for (const path of ['/', '/script.js', '/events', '/do/send', '/wrong-key/events', '/wrong-key/do/send']) {
    t.equal((await fetch(origin + path)).status, 403, path)
    t.equal((await fetch(origin + path, { method: 'POST', body: '{}' })).status, 403, `POST ${path}`)
  }
  t.equal((await get('do/follower', { method: 'POST', body: '{}' })).status, 400, 'a form of another site')
})

t.test('a request under another name is refused even with the key', async t => {
  const { phone } = await phoneFor(t)
  const request = http.get(phone.url, { headers: { Host: 'evil.example' } })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  response.resume()
  t.equal(response.statusCode, 403)
})

t.test('the page begins with all there is, and hears of what changes', async t => {
  const { act, listen } = await phoneFor(t)
  const { type, snapshot, until } = await listen()
  t.equal(type, 'text/event-stream; charset=utf-8')
  t.match(snapshot, {
    account: { userName: 'gh_a0b1c2d3e4f5', appId: 'wx00d1e2f3a4b5c6d7' },
    mode: 'plain',
    lines: [],
    exchanges: [],
    calls: [],
    followers: [{ followed: true }, { followed: true }, { followed: false }],
  })
  t.notMatch(JSON.stringify(snapshot), ACCOUNT.token, 'no secret is in it')
  t.notMatch(JSON.stringify(snapshot), ACCOUNT.aesKey)
  const [fan] = snapshot.followers
  const { status } = await act('send', { openid: fan?.openid, type: 'text', content: '你好' })
  t.equal(status, 200)
  const line = await until('line', ({ from }) => from === 'account')
  t.match(line, { openid: fan?.openid, content: { type: 'text', content: '你好' }, exchange: '1' })
  t.match(await until('exchange', ({ state }) => state === 'answered'), { kind: 'text', openid: fan?.openid })
  t.equal((await listen()).snapshot.lines.length, 2, 'a page that is opened later sees it as well')
})

t.test('a mode that the responder has no key for is refused with the reason', async t => {
  const { act, platform } = await phoneFor(t, { modes: ['plain'] })
  t.match(await act('mode', { mode: 'safe' }), { status: 400, answer: { reason: { zh: /aesKey/ } } })
  t.equal(platform.mode, 'plain')
})

t.test('what the page could not have sent is refused in words', async t => {
  const { act, get } = await phoneFor(t)
  t.match(await act('send', { openid: 'o', type: 'gift' }), {
    status: 400,
    answer: { reason: { en: /must be one of text/ } },
  })
  t.match(await act('send', { openid: 7, type: 'text' }), { status: 400 })
  t.match(await act('nothing'), { status: 400, answer: { reason: { en: 'no action nothing' } } })
  t.match(await act('constructor'), { status: 400 })
  t.match(await act('recording', { text: '{}' }), { status: 400, answer: { reason: { en: /recording/ } } })
  const headers = { 'Content-Type': 'application/json' }
  t.equal((await get('do/send', { method: 'POST', headers, body: 'no JSON' })).status, 400)
})
