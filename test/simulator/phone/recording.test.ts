import t from 'tap'
import { ACCOUNT } from '../sample.ts'
import { phoneFor } from './phone.ts'

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
