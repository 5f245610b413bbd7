import t from 'tap'
import { ArgumentError } from '../../src/client/argument-error.ts'
import type { Client } from '../../src/client/client.ts'
import { clientOf, OK, platform, rejection } from './platform.ts'

type Refused = (client: Client) => Promise<unknown>
const key = { type: 'click', key: 'k' } as const

/** What the compiler lets through, or was talked out of, and the sentence that it gets. */
const refused: readonly (readonly [Refused, string, string])[] = [
  [
    c => c.menu.create({ button: [{ name: '木棉木棉木棉', ...key }] }),
    'button[0].name is 18 bytes; WeChat takes at most 16 bytes',
    'button[0].name 为 18 字节；微信接受最多 16 字节',
  ],
  [
    c => c.menu.create({ button: [{ name: 'a', sub_button: [{ name: 'b', type: 'click', key: 'k'.repeat(129) }] }] }),
    'button[0].sub_button[0].key is 129 bytes; WeChat takes at most 128 bytes',
    'button[0].sub_button[0].key 为 129 字节；微信接受最多 128 字节',
  ],
  [
    c => c.menu.create({ button: [1, 2, 3, 4].map(() => ({ name: 'a', ...key })) }),
    'button has 4 entries; WeChat takes 1 to 3',
    'button 共 4 项；微信只接受 1 到 3 项',
  ],
  [
    c => c.menu.create({ button: [{ name: 'a', sub_button: [] }] }),
    'button[0].sub_button has 0 entries; WeChat takes 1 to 5',
    'button[0].sub_button 共 0 项；微信只接受 1 到 5 项',
  ],
  [
    c => c.menu.create({ button: [{ name: 'a', type: 'clik' as 'click', key: 'k' }] }),
    'button[0].type must be one of click, view, miniprogram, scancode_push, scancode_waitmsg, pic_sysphoto, pic_photo_or_album, pic_weixin, location_select, media_id, article_id, article_view_limited, view_limited',
    'button[0].type 必须是 click、view、miniprogram、scancode_push、scancode_waitmsg、pic_sysphoto、pic_photo_or_album、pic_weixin、location_select、media_id、article_id、article_view_limited、view_limited 之一',
  ],
  [c => c.user.info({} as { openid: string }), 'openid is missing', 'openid 未填写'],
  [
    c => c.user.info({ openid: 'o1', language: 'en' } as { openid: string }),
    '"language" is not a parameter of this call; permitted: openid, lang',
    '"language" 不是该接口的参数；允许的参数：openid, lang',
  ],
  [c => c.user.info('o1' as never), 'parameters must be an object', 'parameters 必须是对象'],
  [
    c => c.user.info({ openid: 'o1', lang: 'fr' as 'en' }),
    'lang must be one of zh_CN, zh_TW, en',
    'lang 必须是 zh_CN、zh_TW、en 之一',
  ],
  [
    c => c.tag.addMembers({ openid_list: Array.from({ length: 51 }, () => 'o1'), tagid: 3 }),
    'openid_list has 51 entries; WeChat takes 1 to 50',
    'openid_list 共 51 项；微信只接受 1 到 50 项',
  ],
  [c => c.draft.list({ offset: 0, count: 21 }), 'count is 21; WeChat takes 1 to 20', 'count 为 21；微信接受 1 到 20'],
  [c => c.draft.list({ offset: 0.5, count: 1 }), 'offset must be a whole number', 'offset 必须是整数'],
  [
    c => c.mass.sendAll({ filter: { is_to_all: 'false' as never }, msgtype: 'text', text: { content: 'x' } }),
    'filter.is_to_all must be true or false',
    'filter.is_to_all 必须是true 或 false',
  ],
  [c => c.mass.get({ msg_id: '12x' }), 'msg_id must be a string of digits', 'msg_id 必须是由数字组成的字符串'],
  [
    c => c.tag.create({ tag: { name: '😀'.repeat(31) } }),
    'tag.name is 31 characters; WeChat takes 1 to 30 characters',
    'tag.name 为 31 个字符；微信接受 1 到 30 个字符',
  ],
  [
    c =>
      c.customMessage.send({
        touser: 'o1',
        msgtype: 'news',
        news: { articles: [{ title: 'a' }, { title: 'b' }] },
      }),
    'news.articles has 2 entries; WeChat takes 1',
    'news.articles 共 2 项；微信只接受 1 项',
  ],
  [
    c => c.statistics.userSummary({ begin_date: '2026-01-01', end_date: '2026-01-08' }),
    'end_date is day 8; WeChat takes 7 day(s) at most, both included',
    'end_date 共 8 天；微信最多接受 7 天（含首尾两天）',
  ],
  [
    c => c.statistics.userSummary({ begin_date: '2026-01-02', end_date: '2026-01-01' }),
    'end_date is before begin_date; WeChat takes 7 day(s) at most, both included',
    'end_date 早于 begin_date；微信最多接受 7 天（含首尾两天）',
  ],
  [
    c => c.statistics.userSummary({ begin_date: '2026-02-30', end_date: '2026-03-01' }),
    'begin_date must be a day, YYYY-MM-DD',
    'begin_date 必须是日期，格式为 YYYY-MM-DD',
  ],
  [
    c => c.media.upload({ type: 'image', media: 'tree.jpg' as never }),
    'media must be a file: { fileName, content }',
    'media 必须是文件：{ fileName, content }',
  ],
  [
    c => c.request('https://evil.example/cgi-bin/menu/get'),
    'path must be a path such as /cgi-bin/menu/get, without a host',
    'path 必须是路径，如 /cgi-bin/menu/get，不含主机名',
  ],
]

t.test('a parameter that WeChat would refuse is refused before anything is sent', async t => {
  const { url, received } = await platform(t, OK)
  const client = clientOf(t, url)
  for (const [call, en, zh] of refused) {
    const error = await rejection(call(client))
    t.ok(error instanceof ArgumentError, en)
    if (!(error instanceof ArgumentError)) continue
    t.equal(error.message, `${error.endpoint}: ${en}`)
    t.equal(error.zh, `${error.endpoint}：${zh}`)
  }
  t.equal(received.length, 0)
})

t.test('a path that would lead to another host is refused', async t => {
  const { url, received } = await platform(t, OK)
  const paths = ['//evil.example/x', 'evil', '', '/a b', '/a\r\nX: y', '/a#b', '/木', '\\\\evil.example\\x']
  for (const path of paths) t.match(await rejection(clientOf(t, url).request(path)), { parameter: 'path' })
  t.equal(received.length, 0)
})

t.test('a limit is met exactly', async t => {
  const { url, received } = await platform(t, OK)
  const client = clientOf(t, url)
  await client.menu.create({ button: [{ name: '木棉木棉木a', ...key }] })
  await client.tag.create({ tag: { name: '😀'.repeat(30) } })
  await client.statistics.userSummary({ begin_date: '2025-12-28', end_date: '2026-01-03' })
  t.equal(received.length, 3)
})

t.test('parameters go where they belong, and what is ours is filled in', async t => {
  const { url, received } = await platform(t, '{"access_token":"x","refresh_token":"y","openid":"o1"}')
  const client = clientOf(t, url)
  await client.oauth.accessToken({ code: 'the-code' })
  t.strictSame(received[0]?.query, {
    appid: 'wx0123456789abcdef',
    secret: 'SECRET-0123456789abcdef',
    code: 'the-code',
    grant_type: 'authorization_code',
  })
  await client.basic.stableToken({ force_refresh: false })
  t.equal(
    received[1]?.body.toString(),
    '{"grant_type":"client_credential","appid":"wx0123456789abcdef","secret":"SECRET-0123456789abcdef","force_refresh":false}',
  )
  t.strictSame(received[1]?.query, {})
  await client.agent.delete({ kf_account: 'a@b' })
  t.strictSame(received[2]?.query, { access_token: 'TOKEN-one-0123456789', kf_account: 'a@b' })
  t.equal(received[2]?.body.toString(), '{}')
  await client.user.info({ openid: 'o&1', lang: 'en' })
  t.strictSame(received[3]?.query, { access_token: 'TOKEN-one-0123456789', openid: 'o&1', lang: 'en' })
  t.equal(received[3]?.body.length, 0)
})

t.test('a call that names the account needs to know it', async t => {
  const { url, received } = await platform(t, OK)
  const client = clientOf(t, url, { appId: undefined, appSecret: undefined })
  t.match(await rejection(client.basic.clearQuota()), { parameter: 'appid' })
  t.match(await rejection(client.oauth.accessToken({ code: 'c' })), { parameter: 'appid' })
  t.equal(received.length, 0)
})

t.test('a menu that was read can be written back', async t => {
  const menu = {
    menu: {
      button: [
        { type: 'click', name: 'a', key: 'k', sub_button: [] },
        { name: 'b', sub_button: [{ type: 'view', name: 'c', url: 'https://x.example/', sub_button: [] }] },
      ],
    },
  }
  const { url, received } = await platform(t, JSON.stringify(menu), OK)
  const client = clientOf(t, url)
  const { button } = (await client.menu.get()).menu
  await client.menu.create({ button })
  t.strictSame(JSON.parse(received[1]?.body.toString() ?? ''), menu.menu)
})

t.test('no name is special', async t => {
  const { url, received } = await platform(t, '{"msgid":1}')
  const data = JSON.parse('{"__proto__":{"value":"x"},"constructor":{"value":"y"}}')
  await clientOf(t, url).template.send({ touser: 'o1', template_id: 't1', data })
  t.equal(
    received[0]?.body.toString(),
    '{"touser":"o1","template_id":"t1","data":{"__proto__":{"value":"x"},"constructor":{"value":"y"}}}',
  )
  const parameters = JSON.parse('{"openid":"o1","__proto__":{}}')
  t.match(await rejection(clientOf(t, url).user.info(parameters)), { parameter: '"__proto__"' })
})

t.test('any path can be called', async t => {
  const { url, received } = await platform(t, '{"tags":[]}')
  const client = clientOf(t, url)
  t.strictSame(await client.request('/cgi-bin/tags/get'), { tags: [] })
  await client.request('/cgi-bin/user/info?openid=o1', { query: { lang: 'en' } })
  await client.request('/cgi-bin/new/call', { body: { name: '木', id: 9007199254740993n } })
  await client.request('/cgi-bin/message/mass/speed/get')
  await client.request('/sns/auth', { query: { access_token: 'of-a-visitor', openid: 'o1' } })
  await client.request('/cgi-bin/new/call', { method: 'POST', token: false })
  t.strictSame(
    received.map(({ method, path, query, body }) => [method, path, query, body.toString()]),
    [
      ['GET', '/cgi-bin/tags/get', { access_token: 'TOKEN-one-0123456789' }, ''],
      ['GET', '/cgi-bin/user/info', { access_token: 'TOKEN-one-0123456789', openid: 'o1', lang: 'en' }, ''],
      ['POST', '/cgi-bin/new/call', { access_token: 'TOKEN-one-0123456789' }, '{"name":"木","id":9007199254740993}'],
      ['POST', '/cgi-bin/message/mass/speed/get', { access_token: 'TOKEN-one-0123456789' }, '{}'],
      ['GET', '/sns/auth', { access_token: 'of-a-visitor', openid: 'o1' }, ''],
      ['POST', '/cgi-bin/new/call', {}, '{}'],
    ],
  )
})

t.test('the access token cannot be replaced by one in the path', async t => {
  const { url, received } = await platform(t, OK)
  const client = clientOf(t, url)
  for (const call of [
    client.request('/cgi-bin/menu/get?access_token=mine'),
    client.request('/cgi-bin/menu/get', { query: { access_token: 'mine' } }),
  ]) {
    t.match(await rejection(call), { parameter: 'access_token', message: /is filled in for this call; leave it out$/ })
  }
  t.equal(received.length, 0)
})

t.test('an empty file is refused before anything is sent', async t => {
  const { url, received } = await platform(t, OK)
  const media = { fileName: 'a.jpg', content: Buffer.alloc(0) }
  t.match(await rejection(clientOf(t, url).media.upload({ type: 'image', media })), {
    message: 'POST /cgi-bin/media/upload: media is an empty file, which WeChat refuses',
  })
  t.equal(received.length, 0)
})
