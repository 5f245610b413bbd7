import { once } from 'node:events'
import http from 'node:http'
import t from 'tap'
import { ACCOUNT, silent } from '../sample.ts'
import { answering, phoneFor } from './phone.ts'

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

t.test('following, scanning and leaving push the events that WeChat pushes', async t => {
  const { act, listen, behind } = await phoneFor(t)
  const { snapshot, until } = await listen()
  const openid = snapshot.followers[2]?.openid
  await act('scan', { openid, scene: 'booth-17' })
  t.equal((await until('follower', each => each.openid === openid)).followed, true)
  await behind.got(1)
  t.match(
    behind.arrived[0]?.body,
    /<Event><!\[CDATA\[subscribe\]\]>.*<EventKey><!\[CDATA\[qrscene_booth-17\]\]>.*<Ticket>/,
  )
  await act('scan', { openid, scene: 'booth-17' })
  await behind.got(2)
  t.match(behind.arrived[1]?.body, /<Event><!\[CDATA\[SCAN\]\]>.*<EventKey><!\[CDATA\[booth-17\]\]>/)
  await act('unfollow', { openid })
  await behind.got(3)
  t.match(behind.arrived[2]?.body, '<Event><![CDATA[unsubscribe]]>')
  await act('follow', { openid })
  await behind.got(4)
  t.match(behind.arrived[3]?.body, /<Event><!\[CDATA\[subscribe\]\]>.*<EventKey><!\[CDATA\[\]\]>/)
})

t.test('a code that the account has made is scanned with its own ticket', async t => {
  const { act, listen, behind, api } = await phoneFor(t)
  const { snapshot, until } = await listen()
  const { appId, appSecret } = ACCOUNT
  const got = await fetch(`${api.url}/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`)
  const { access_token: token } = (await got.json()) as { access_token: string }
  for (const scene_str of ['door', 'booth']) {
    const body = JSON.stringify({ action_name: 'QR_LIMIT_STR_SCENE', action_info: { scene: { scene_str } } })
    await fetch(`${api.url}/cgi-bin/qrcode/create?access_token=${token}`, { method: 'POST', body })
  }
  const [, booth] = await until('qrCodes', codes => codes.length === 2)
  await act('scan', { openid: snapshot.followers[0]?.openid, scene: 'booth' })
  await behind.got(1)
  t.match(behind.arrived[0]?.body, `<Ticket><![CDATA[${booth?.ticket}]]></Ticket>`)
})

t.test('somebody new does not follow yet, and has a name of their own', async t => {
  const { act, listen } = await phoneFor(t)
  for (let count = 4; count <= 13; count++) await act('follower')
  const { followers } = (await listen()).snapshot
  t.match(followers[3], { nickname: '老王', followed: false })
  t.match(followers[12], { nickname: '小林2', followed: false })
  t.equal(new Set(followers.map(({ nickname }) => nickname)).size, 13)
  t.equal(new Set(followers.map(({ openid }) => openid)).size, 13)
})

t.test('a picture can be fetched by the responder and comes back to the page as it was', async t => {
  const { api, act, get, listen, behind, phone } = await phoneFor(t)
  const { snapshot, until } = await listen()
  const openid = snapshot.followers[0]?.openid
  const bytes = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
  const sent = await get('media/image', { method: 'POST', headers: { 'Content-Type': 'image/jpeg' }, body: bytes })
  const { mediaId, md5 } = (await sent.json()) as { mediaId: string; md5: string }
  t.equal(md5, '717375ecbda75a07cd829645c34354b1')
  t.same(api.media(mediaId)?.bytes, bytes)
  await act('send', { openid, type: 'image', mediaId })
  await behind.got(1)
  const [, address = ''] = /<PicUrl><!\[CDATA\[(.*?)\]\]>/.exec(behind.arrived[0]?.body ?? '') ?? []
  t.notMatch(address, new URL(phone.url).pathname, 'the responder does not learn the key of the page')
  const picture = await fetch(address)
  t.equal(picture.headers.get('content-type'), 'image/jpeg')
  t.same(Buffer.from(await picture.arrayBuffer()), bytes)
  t.equal((await fetch(address.replace('/picture/', '/events/'))).status, 403)
  t.match(await until('line', () => true), { content: { type: 'image', mediaId }, media: { [mediaId]: 'image/jpeg' } })
  t.equal((await get('media/unknown')).headers.get('content-type'), 'image/svg+xml')
})

t.test('what is uploaded never runs as a page', async t => {
  const { get } = await phoneFor(t)
  const body = '<script>alert(1)</script>'
  const sent = await get('media/image', { method: 'POST', headers: { 'Content-Type': 'text/html' }, body })
  const { mediaId } = (await sent.json()) as { mediaId: string }
  const { headers } = await get(`media/${mediaId}`)
  t.equal(headers.get('content-type'), 'application/octet-stream')
  t.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox")
  t.equal((await get('media/html', { method: 'POST', body })).status, 400)
})

t.test('a request is copied for the shell, saved as a fixture, and what was saved is replayed', async t => {
  const { act, get, listen, behind, platform } = await phoneFor(t)
  const { snapshot, until } = await listen()
  const openid = snapshot.followers[1]?.openid
  await act('send', { openid, type: 'text', content: "it's 你好" })
  await until('exchange', ({ state }) => state === 'answered')
  const curl = await (await get('copy/1/1/curl')).text()
  t.match(curl, /^curl -sS -i -X POST .*--data-raw '<xml>.*it'\\''s 你好.*' 'http:\/\/127\.0\.0\.1:\d+\/wx\?signature=/)
  const cgi = await (await get('copy/1/1/cgi')).text()
  t.match(
    cgi,
    /^printf %s '<xml>.*' \| WEIXIN_AES_KEY=\w+ GATEWAY_INTERFACE=CGI\/1.1 REQUEST_METHOD=POST .* cgi-bin\/weixin$/m,
  )
  const text = await (await get('fixture/1')).text()
  t.notMatch(text, ACCOUNT.token)
  t.same(await act('recording', { text }), { status: 200, answer: { count: 1 } })
  const again = await until('line', ({ exchange }) => exchange === '2')
  t.match(again, { openid, from: 'follower', content: { type: 'text', content: "it's 你好" } }, 'in its own words')
  await behind.got(2)
  t.match(behind.arrived[1]?.body, `<FromUserName><![CDATA[${openid}]]>`)
  t.equal(platform.exchanges.length, 2)
  const another = text.replaceAll(openid ?? '', 'oSomebodyElse')
  await act('recording', { text: another })
  t.match(await until('menus', menus => 'oSomebodyElse' in menus), { oSomebodyElse: [] }, 'who is new gets the menu')
  t.equal((await until('follower', each => each.openid === 'oSomebodyElse')).followed, true, 'and can write')
  await act('recording', { text: '<xml><MsgType>text' })
  t.match(await until('remark', () => true), { en: /./, zh: /./ }, 'what is no message is told')
  t.equal((await get('copy/9/1/curl')).status, 400)
  t.equal((await get('fixture/9')).status, 400)
})

t.test('what was recorded shows as if it had been done on the phone, and is what the follower did last', async t => {
  const { act, listen, behind } = await phoneFor(t)
  const { until } = await listen()
  const recorded = (elements: string) => ({
    xml: `<xml><ToUserName>gh_a0b1c2d3e4f5</ToUserName><FromUserName>oRecorded</FromUserName><CreateTime>1</CreateTime>${elements}</xml>`,
  })
  const event = (name: string, more = '') => recorded(`<MsgType>event</MsgType><Event>${name}</Event>${more}`)
  const message = (type: string, elements: string) => recorded(`<MsgType>${type}</MsgType>${elements}<MsgId>1</MsgId>`)
  const exchanges = [
    event('subscribe', '<EventKey>qrscene_booth</EventKey>'),
    event('SCAN', '<EventKey>door</EventKey>'),
    event('CLICK', '<EventKey>menu-key</EventKey>'),
    event('LOCATION', '<Latitude>24.4</Latitude><Longitude>118.1</Longitude>'),
    event('hologram_shown'),
    message('image', '<PicUrl>http://127.0.0.1/x</PicUrl><MediaId>m1</MediaId>'),
    message('location', '<Location_X>24.4</Location_X><Location_Y>118.1</Location_Y><Label>渡口路</Label>'),
    message('link', '<Title>t</Title><Description>d</Description><Url>https://example.com/</Url>'),
    message('hologram', ''),
    event('unsubscribe'),
  ]
  await act('recording', { text: JSON.stringify({ exchanges }) })
  await behind.got(10)
  const left = await until('follower', ({ openid, followed }) => openid === 'oRecorded' && !followed)
  t.ok(left, 'who has left has left')
  await until('line', ({ exchange }) => exchange === '10')
  const { lines } = (await listen()).snapshot
  const notice = (en: string) => ({ from: 'notice', content: { type: 'notice', text: { en } } })
  const mine = lines.filter(({ from }) => from !== 'account')
  t.match(mine, [
    notice('QR code booth'),
    notice('QR code door'),
    notice('menu: menu-key'),
    notice('position: 24.4, 118.1'),
    notice('hologram_shown'),
    { from: 'follower', content: { type: 'image', mediaId: 'm1' } },
    { from: 'follower', content: { type: 'location', latitude: '24.4', longitude: '118.1', label: '渡口路' } },
    { from: 'follower', content: { type: 'link', title: 't', description: 'd', url: 'https://example.com/' } },
    notice('hologram'),
    notice('You have left this account'),
  ])
  t.ok(mine.every(({ openid }) => openid === 'oRecorded'))
  await act('trouble', { openid: 'oRecorded', trouble: 'duplicate' })
  await behind.got(12)
  t.match(behind.arrived[11]?.body, '<Event>unsubscribe</Event>')
})

t.test('trouble befalls the last message, and only what the follower would see is shown', async t => {
  const { act, listen } = await phoneFor(t)
  const { snapshot, until } = await listen()
  const openid = snapshot.followers[0]?.openid
  t.match(await act('trouble', { openid, trouble: 'garbage' }), {
    status: 400,
    answer: { reason: { en: 'send something first', zh: '请先发送一条消息' } },
  })
  await act('send', { openid, type: 'text', content: 'hi' })
  await until('line', ({ from }) => from === 'account')
  await act('trouble', { openid, trouble: 'wrong-signature' })
  const forged = await until('exchange', ({ trouble, state }) => trouble === 'wrong-signature' && state === 'silent')
  t.equal(forged.deliveries[0]?.verdict?.keptOut, false, 'this responder checks nothing')
  t.equal((await listen()).snapshot.lines.length, 2, 'no line more')
  await act('trouble', { openid, trouble: 'duplicate' })
  const twice = await until('exchange', ({ trouble, state }) => trouble === 'duplicate' && state === 'answered')
  t.equal(twice.deliveries.length, 2)
  t.equal((await act('trouble', { openid, trouble: 'flood' })).status, 400)
})

t.test('a server that never answers ends with the line that followers know', async t => {
  const { act, listen, clock, behind } = await phoneFor(t, { answers: [silent] })
  const { snapshot, until } = await listen()
  await act('send', { openid: snapshot.followers[0]?.openid, type: 'text', content: 'hi' })
  for (const count of [1, 2, 3]) {
    await behind.got(count)
    clock.pass(5000)
    await until('exchange', ({ deliveries }) => deliveries[count - 1]?.verdict !== undefined)
  }
  const { content } = await until('line', ({ from }) => from === 'notice')
  t.match(content, { failed: true, text: { zh: '该公众号提供的服务出现故障，请稍后再试' } })
})

t.test('customer-service messages and typing appear, the calls are listed, errors come on demand', async t => {
  const { act, listen, api } = await phoneFor(t)
  const { snapshot, until } = await listen()
  const touser = snapshot.followers[0]?.openid
  const { appId, appSecret } = ACCOUNT
  const got = await fetch(`${api.url}/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`)
  const { access_token: token } = (await got.json()) as { access_token: string }
  const call = (path: string, body: object) =>
    fetch(`${api.url}/cgi-bin/message/custom/${path}?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
  await act('send', { openid: touser, type: 'text', content: 'hi' })
  await call('typing', { touser, command: 'Typing' })
  t.strictSame(await until('typing', list => list.length > 0), [touser])
  await call('send', { touser, msgtype: 'text', text: { content: '稍等' } })
  t.strictSame(await until('typing', list => list.length === 0), [])
  t.match(await until('line', ({ custom }) => custom === true), { from: 'account', content: { content: '稍等' } })
  const { path, query } = await until('call', each => each.path.endsWith('/send'))
  t.equal(path, '/cgi-bin/message/custom/send')
  t.notMatch(query, token)
  await act('api-trouble', { trouble: 45009, times: 1 })
  t.strictSame(await until('apiTrouble', value => value !== null), { trouble: 45009, times: 1 })
  const refused = await call('send', { touser, msgtype: 'text', text: { content: 'again' } })
  t.match(await refused.json(), { errcode: 45009 })
  t.equal(await until('apiTrouble', value => value === null), null, 'it was wanted once')
  await act('api-trouble', { trouble: 'stall' })
  t.strictSame(await until('apiTrouble', value => value?.trouble === 'stall'), { trouble: 'stall' })
  await act('api-trouble', {})
  t.equal((await listen()).snapshot.apiTrouble, null)
})

t.test('a template message is shown, and the account is told that it has arrived', async t => {
  const { act, listen, api, behind } = await phoneFor(t)
  const { snapshot, until } = await listen()
  const touser = snapshot.followers[0]?.openid
  const { appId, appSecret } = ACCOUNT
  const got = await fetch(`${api.url}/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`)
  const { access_token: token } = (await got.json()) as { access_token: string }
  const post = async (path: string, body: object) => {
    const response = await fetch(`${api.url}${path}?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return (await response.json()) as { template_id: string; errcode: number }
  }
  await act('send', { openid: touser, type: 'text', content: 'hi' })
  const { template_id } = await post('/cgi-bin/template/api_add_template', { template_id_short: 'TM00015' })
  t.match(await post('/cgi-bin/message/template/send', { touser, template_id, data: {} }), { errcode: 0 })
  t.match(await until('line', ({ custom }) => custom === true), { content: { type: 'template' } })
  await behind.got(2)
  t.match(behind.arrived[1]?.body, /<Event><!\[CDATA\[TEMPLATESENDJOBFINISH\]\]>.*<Status><!\[CDATA\[success\]\]>/)
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

t.test('a button that takes pictures sends its event, and then the pictures', async t => {
  const menu = { button: [{ name: 'a', sub_button: [{ name: 'b', type: 'pic_weixin', key: 'pics' }] }] }
  const { act, listen, behind } = await phoneFor(t, { menu, answers: [answering('text', '<Content>ok</Content>')] })
  const { snapshot, until } = await listen()
  const openid = snapshot.followers[0]?.openid ?? ''
  const { answer: newcomer } = await act('follower')
  t.match((await until('menus', () => true))[newcomer.openid], [{ name: 'a' }], 'somebody new sees it too')
  t.match(snapshot.menus[openid], [{ name: 'a', sub_button: [{ name: 'b', type: 'pic_weixin', key: 'pics' }] }])
  await act('menu', { openid, path: [0, 0], pictures: [{ mediaId: 'm1', md5: 'aa' }] })
  await behind.got(2)
  const bodies = behind.arrived.map(({ body }) => body)
  t.ok(bodies.some(body => /<SendPicsInfo>.*<PicMd5Sum><!\[CDATA\[aa\]\]>/.test(body)))
  t.ok(bodies.some(body => /<MediaId><!\[CDATA\[m1\]\]>/.test(body)))
})

t.test('a button with material shows it, as WeChat sends it by itself', async t => {
  const menu = { button: [{ name: 'a', type: 'media_id', media_id: 'm1' }] }
  const { act, listen, platform } = await phoneFor(t, { menu })
  const { snapshot, until } = await listen()
  await act('menu', { openid: snapshot.followers[0]?.openid, path: [0] })
  const line = await until('line', ({ from }) => from === 'account')
  t.strictSame(line.content, { type: 'image', mediaId: 'm1' })
  t.notOk('custom' in line, 'it is no customer-service message')
  t.strictSame(platform.exchanges, [])
})
