import t from 'tap'
import type { FollowerMessage } from '../../../src/simulator/api/follower-message.ts'
import { ACCOUNT, FAN } from '../sample.ts'
import { fakeApi, upload } from './fake.ts'

const SEND = '/cgi-bin/message/custom/send'
const click = (name: string, key = 'K') => ({ name, type: 'click', key })

t.test('menu: created, read, shown and deleted', async t => {
  const { api, asked, sent } = await fakeApi(t)
  let changes = 0
  api.onMenu(() => changes++)
  t.match(await asked('/cgi-bin/menu/get'), { errcode: 46003 })
  t.match(await asked('/cgi-bin/get_current_selfmenu_info'), { is_menu_open: 0 })
  const below = { name: '更多', sub_button: [{ name: '搜索', type: 'view', url: 'https://a.example/' }] }
  t.match(await sent('/cgi-bin/menu/create', { button: [click('歌曲'), below] }), { errcode: 0, errmsg: 'ok' })
  t.strictSame(await asked('/cgi-bin/menu/get'), {
    menu: {
      button: [
        { ...click('歌曲'), sub_button: [] },
        { name: '更多', sub_button: [{ ...below.sub_button[0], sub_button: [] }] },
      ],
    },
  })
  t.match(await asked('/cgi-bin/get_current_selfmenu_info'), {
    is_menu_open: 1,
    selfmenu_info: { button: [click('歌曲'), { name: '更多', sub_button: { list: below.sub_button } }] },
  })
  t.strictSame(api.menuFor(FAN), [click('歌曲'), below])
  t.match(await asked('/cgi-bin/menu/delete'), { errcode: 0 })
  t.equal(api.menu, undefined)
  t.strictSame(api.menuFor(FAN), [])
  t.equal(changes, 2)
})

t.test('menu: every limit has its errcode', async t => {
  const { sent } = await fakeApi(t)
  const code = async (...button: unknown[]) => (await sent('/cgi-bin/menu/create', { button })).errcode
  const sub = (...sub_button: unknown[]) => ({ name: 'a', sub_button })
  const one = click('a')
  t.equal(await code(), 40016)
  t.equal(await code(one, one, one, one), 40016)
  t.equal(await code({ ...one, type: 'tap' }), 40017)
  t.equal(await code(click('今日歌曲排行')), 40018)
  t.equal(await code(click('a', 'k'.repeat(129))), 40019)
  t.equal(await code({ name: 'a', type: 'view', url: `https://a/${'u'.repeat(1024)}` }), 40020)
  t.equal(await code({ name: 'a', type: 'view', url: 'ftp://a' }), 40054)
  t.equal(await code(sub(sub(one))), 40022)
  t.equal(await code(sub(one, one, one, one, one, one)), 40023)
  t.equal(await code(sub({ ...one, type: 'tap' })), 40024)
  t.equal(await code(sub(click('x'.repeat(61)))), 40025)
  t.equal(await code(sub(click('x'.repeat(60)))), 0)
})

t.test('conditional menus: the newest that fits is shown', async t => {
  const { api, asked, sent, call, token } = await fakeApi(t)
  api.noteAction({ openid: FAN, kind: 'event:subscribe' })
  const rule = { tag_id: '100' }
  t.match(await sent('/cgi-bin/menu/addconditional', { button: [click('x')], matchrule: rule }), { errcode: 65303 })
  await sent('/cgi-bin/menu/create', { button: [click('all')] })
  t.match(await sent('/cgi-bin/menu/addconditional', { button: [click('x')], matchrule: {} }), { errcode: 65304 })
  const first = await sent('/cgi-bin/menu/addconditional', { button: [click('tagged')], matchrule: rule })
  const newer = { button: [click('android')], matchrule: { client_platform_type: '2' } }
  const second = await sent('/cgi-bin/menu/addconditional', newer)
  t.match(first.menuid, /^\d{19}$/)
  t.match((await call(`/cgi-bin/menu/get?access_token=${token}`)).text, `"menuid":${first.menuid}`, 'a bare number')
  t.match(await sent('/cgi-bin/menu/trymatch', { user_id: FAN }), { button: [{ name: 'android' }] })
  t.match(await sent('/cgi-bin/menu/trymatch', { user_id: 'oNobody' }), { errcode: 65302 })
  t.match(await sent('/cgi-bin/menu/delconditional', { menuid: second.menuid }), { errcode: 0 })
  t.match(api.menuFor(FAN), [{ name: 'all' }])
  await sent('/cgi-bin/tags/create', { tag: { name: 'vip' } })
  await sent('/cgi-bin/tags/members/batchtagging', { tagid: 100, openid_list: [FAN] })
  t.match(api.menuFor(FAN), [{ name: 'tagged' }])
  t.match(await sent('/cgi-bin/menu/delconditional', { menuid: second.menuid }), { errcode: 65301 })
  await asked('/cgi-bin/menu/delete')
  t.strictSame(api.menuFor(FAN), [])
})

t.test('customer messages of every type reach the phone', async t => {
  const { api, sent } = await fakeApi(t)
  const heard: FollowerMessage[] = []
  api.onFollowerMessage((_, message) => heard.push(message))
  const image = { type: 'image', fileName: 'a.jpg', contentType: 'image/jpeg', bytes: Buffer.from('jpg') } as const
  const media_id = api.addMedia(image)
  t.match(api.media(media_id), image)
  const shown = async (msgtype: string, content: object) => {
    api.noteAction({ openid: FAN, kind: 'text' })
    const answer = await sent(SEND, { touser: FAN, msgtype, [msgtype]: content })
    return answer.errcode === 0 ? heard.pop() : answer.errcode
  }
  t.strictSame(await shown('text', { content: 'hi' }), { type: 'text', content: 'hi' })
  t.strictSame(await shown('image', { media_id }), { type: 'image', mediaId: media_id })
  t.strictSame(await shown('voice', { media_id }), { type: 'voice', mediaId: media_id })
  t.match(await shown('video', { media_id, title: 't' }), { type: 'video', title: 't' })
  const music = { musicurl: 'u', hqmusicurl: 'h', thumb_media_id: media_id }
  t.match(await shown('music', music), { type: 'music', url: 'u', hqUrl: 'h', thumbMediaId: media_id })
  const article = { title: 't', description: 'd', url: 'u', picurl: 'p' }
  t.match(await shown('news', { articles: [article] }), { type: 'news', articles: [{ title: 't', picUrl: 'p' }] })
  t.strictSame(await shown('msgmenu', { head_content: 'h', list: [{ id: 'a', content: '好' }], tail_content: 't' }), {
    type: 'menu',
    head: 'h',
    items: [{ id: 'a', content: '好' }],
    tail: 't',
  })
  const page = { title: 't', appid: 'wx1', pagepath: 'p', thumb_media_id: media_id }
  t.match(await shown('miniprogrampage', page), { type: 'miniprogram', appId: 'wx1', pagePath: 'p' })
  t.match(await shown('wxcard', { card_id: 'c' }), { type: 'card', kind: 'wxcard', id: 'c' })
  t.match(await shown('mpnewsarticle', { article_id: 'a' }), { type: 'card', kind: 'mpnewsarticle', id: 'a' })

  t.equal(await shown('hologram', {}), 40008)
  t.equal(await shown('text', { content: '' }), 44004)
  t.equal(await shown('text', { content: '木'.repeat(683) }), 45002)
  t.equal(await shown('image', { media_id: 'gone' }), 40007)
  t.equal(await shown('news', { articles: [article, article] }), 45008)
})

t.test('customer messages: whom, how many and how long', async t => {
  const { api, sent, time } = await fakeApi(t)
  const say = async (touser = FAN) => (await sent(SEND, { touser, msgtype: 'text', text: { content: 'x' } })).errcode
  const does = (kind: string) => api.noteAction({ openid: FAN, kind })
  t.equal(await say('oNobody'), 40003)
  does('event:VIEW')
  t.equal(await say(), 45015, 'opening a page permits nothing')
  does('event:CLICK')
  t.strictSame([await say(), await say(), await say(), await say()], [0, 0, 0, 45047])
  time.now += 60_000
  t.equal(await say(), 45015)
  does('text')
  time.now += 47 * 3_600_000
  t.strictSame([await say(), await say(), await say(), await say(), await say(), await say()], [0, 0, 0, 0, 0, 45047])
  does('text')
  time.now += 48 * 3_600_000
  t.equal(await say(), 45015)
  does('event:unsubscribe')
  t.equal(await say(), 43004)
  does('event:subscribe')
  t.equal(await say(), 0)
})

t.test('an OpenID that nobody has told of is a follower where strangers are welcome', async t => {
  const { sent } = await fakeApi(t, { strangers: true })
  const say = async (touser: string) => (await sent(SEND, { touser, msgtype: 'text', text: { content: 'x' } })).errcode
  t.equal(await say(FAN), 0)
  t.equal(await say('no OpenID'), 40003)
})

t.test('typing is shown within 30 s, and once', async t => {
  const { api, sent, time } = await fakeApi(t)
  const heard: unknown[] = []
  api.onFollowerMessage((_, message) => heard.push(message))
  const type = async (command: string) =>
    (await sent('/cgi-bin/message/custom/typing', { touser: FAN, command })).errcode
  api.noteAction({ openid: FAN, kind: 'text' })
  t.strictSame([await type('Typing'), await type('Typing'), await type('CancelTyping')], [0, 45081, 0])
  t.equal(await type('Dancing'), 45072)
  time.now += 30_001
  t.equal(await type('Typing'), 45080)
  t.strictSame(heard, [
    { type: 'typing', on: true },
    { type: 'typing', on: false },
  ])
})

t.test('media: uploaded, fetched, and gone after three days', async t => {
  const { call, asked, token, time, api } = await fakeApi(t)
  const put = async (type: string, name: string, bytes: Uint8Array | string) =>
    (await call(`/cgi-bin/media/upload?access_token=${token}&type=${type}`, upload(name, bytes))).answer
  const bytes = Buffer.from([0xff, 0xd8, 0, 10, 13, 45, 45, 0xff])
  const { media_id, ...rest } = await put('image', 'a.JPG', bytes)
  t.strictSame(rest, { type: 'image', created_at: 1893456000 })
  t.strictSame(api.media(media_id)?.bytes, bytes)
  const got = await fetch(`${api.url}/cgi-bin/media/get?access_token=${token}&media_id=${media_id}`)
  t.equal(got.headers.get('content-type'), 'image/jpeg')
  t.equal(got.headers.get('content-disposition'), `attachment; filename="${media_id}.JPG"`)
  t.strictSame(Buffer.from(await got.arrayBuffer()), bytes)

  const video = await put('video', 'a.mp4', 'film')
  const { video_url } = await asked('/cgi-bin/media/get', { media_id: video.media_id })
  t.equal(await (await fetch(video_url)).text(), 'film')
  t.match(await put('thumb', 'a.jpg', 'x'), { type: 'thumb', thumb_media_id: /^[\w-]{64}$/ })

  t.match(await put('film', 'a.mp4', 'x'), { errcode: 40004 })
  t.match(await put('image', 'a.exe', 'x'), { errcode: 40005 })
  t.match(await put('image', 'a.jpg', ''), { errcode: 44001 })
  t.match(await put('thumb', 'a.jpg', 'x'.repeat(65_537)), { errcode: 40012 })
  t.match(await put('voice', 'a.mp3', 'x'.repeat(2 * 1024 * 1024 + 1)), { errcode: 40010 })
  t.match(
    (await call(`/cgi-bin/media/upload?access_token=${token}&type=image`, { method: 'POST', body: 'x' })).answer,
    {
      errcode: 41005,
    },
  )
  time.now += 3 * 86_400_000 - 6_000_000
  t.equal(api.media(media_id)?.type, 'image')
  time.now += 6_000_000
  t.equal(api.media(media_id), undefined)
})

t.test('media: temporary files have 64 MB in all, and the oldest go first', async t => {
  const { api } = await fakeApi(t)
  const bytes = Buffer.alloc(10 * 1024 * 1024)
  const ids = Array.from({ length: 7 }, () =>
    api.addMedia({ type: 'image', fileName: 'a.jpg', contentType: 'image/jpeg', bytes }),
  )
  t.strictSame(
    ids.map(id => api.media(id) !== undefined),
    [false, true, true, true, true, true, true],
  )
})

t.test('material: added, counted, listed, fetched and deleted', async t => {
  const { call, asked, sent, token, api } = await fakeApi(t)
  const add = async (type: string, name: string, fields = {}) =>
    (await call(`/cgi-bin/material/add_material?access_token=${token}&type=${type}`, upload(name, name, fields))).answer
  const one = await add('image', '1.png')
  const two = await add('image', '2.bmp')
  t.equal(await (await fetch(one.url)).text(), '1.png')
  const description = JSON.stringify({ title: '片名', introduction: '简介' })
  const film = await add('video', 'a.mp4', { description })
  t.match(await add('video', 'a.mp4'), { errcode: 47001 })
  t.strictSame(await asked('/cgi-bin/material/get_materialcount'), {
    voice_count: 0,
    video_count: 1,
    image_count: 2,
    news_count: 0,
  })
  const list = (offset: number, count: number) =>
    sent('/cgi-bin/material/batchget_material', { type: 'image', offset, count })
  t.match(await list(0, 1), { total_count: 2, item_count: 1, item: [{ media_id: two.media_id, name: '2.bmp' }] })
  t.match(await list(1, 20), { item_count: 1, item: [{ media_id: one.media_id, url: one.url }] })
  t.match(await list(0, 21), { errcode: 40035 })
  t.match(await sent('/cgi-bin/material/get_material', { media_id: film.media_id }), {
    title: '片名',
    description: '简介',
    down_url: /^http:/,
  })
  const body = JSON.stringify({ media_id: one.media_id })
  t.equal((await call(`/cgi-bin/material/get_material?access_token=${token}`, { method: 'POST', body })).text, '1.png')
  t.match(await sent('/cgi-bin/material/del_material', { media_id: one.media_id }), { errcode: 0 })
  t.match(await sent('/cgi-bin/material/del_material', { media_id: one.media_id }), { errcode: 40007 })
  const { answer } = await call(`/cgi-bin/media/uploadimg?access_token=${token}`, upload('p.png', 'pixels'))
  t.equal(await (await fetch(answer.url)).text(), 'pixels')
  t.match(await asked('/cgi-bin/material/get_materialcount'), { image_count: 1 })
  t.equal(api.media(two.media_id)?.fileName, '2.bmp')
})

t.test('users: who follows, since when and by which code', async t => {
  const { api, asked, sent } = await fakeApi(t)
  api.noteAction({ openid: FAN, kind: 'event:subscribe', eventKey: 'qrscene_booth-17' })
  api.noteAction({ openid: 'oSecond', kind: 'text' })
  t.strictSame(await asked('/cgi-bin/user/get'), {
    total: 2,
    count: 2,
    data: { openid: [FAN, 'oSecond'] },
    next_openid: 'oSecond',
  })
  t.strictSame(await asked('/cgi-bin/user/get', { next_openid: 'oSecond' }), { total: 2, count: 0, next_openid: '' })
  t.match(await sent('/cgi-bin/user/info/updateremark', { openid: FAN, remark: '老王' }), { errcode: 0 })
  t.match(await sent('/cgi-bin/user/info/updateremark', { openid: FAN, remark: 'x'.repeat(30) }), { errcode: 40035 })
  t.match(await asked('/cgi-bin/user/info', { openid: FAN }), {
    subscribe: 1,
    subscribe_time: 1893456000,
    remark: '老王',
    tagid_list: [],
    subscribe_scene: 'ADD_SCENE_QR_CODE',
    qr_scene: 0,
    qr_scene_str: 'booth-17',
  })
  api.noteAction({ openid: 'oSecond', kind: 'event:unsubscribe' })
  t.strictSame(api.followers, [FAN])
  const user_list = [{ openid: FAN }, { openid: 'oSecond' }]
  t.match(await sent('/cgi-bin/user/info/batchget', { user_list }), {
    user_info_list: [{ subscribe: 1 }, { subscribe: 0, openid: 'oSecond' }],
  })
  t.match(await asked('/cgi-bin/user/info', { openid: 'oNobody' }), { errcode: 40003 })
  t.match(await asked('/cgi-bin/user/info'), { errcode: 41009 })
  await sent('/cgi-bin/tags/members/batchblacklist', { openid_list: [FAN] })
  t.match(await sent('/cgi-bin/tags/members/getblacklist', {}), { total: 1, data: { openid: [FAN] } })
  await sent('/cgi-bin/tags/members/batchunblacklist', { openid_list: [FAN] })
  t.match(await sent('/cgi-bin/tags/members/getblacklist', {}), { total: 0, next_openid: '' })
})

t.test('tags: made, given, renamed and deleted', async t => {
  const { api, asked, sent } = await fakeApi(t)
  api.noteAction({ openid: FAN, kind: 'text' })
  t.strictSame(await sent('/cgi-bin/tags/create', { tag: { name: 'vip' } }), { tag: { id: 100, name: 'vip' } })
  t.match(await sent('/cgi-bin/tags/create', { tag: { name: 'vip' } }), { errcode: 45157 })
  t.match(await sent('/cgi-bin/tags/create', { tag: { name: '长'.repeat(31) } }), { errcode: 45158 })
  const members = { tagid: 100, openid_list: [FAN] }
  t.match(await sent('/cgi-bin/tags/members/batchtagging', members), { errcode: 0 })
  t.match(await sent('/cgi-bin/tags/members/batchtagging', { ...members, tagid: 7 }), { errcode: 45159 })
  t.strictSame(await sent('/cgi-bin/tags/getidlist', { openid: FAN }), { tagid_list: [100] })
  t.match(await sent('/cgi-bin/user/tag/get', { tagid: 100 }), { count: 1, data: { openid: [FAN] }, next_openid: FAN })
  t.match(await sent('/cgi-bin/tags/update', { tag: { id: 100, name: 'gold' } }), { errcode: 0 })
  t.match(await sent('/cgi-bin/tags/update', { tag: { id: 2, name: 'x' } }), { errcode: 45058 })
  t.strictSame(await asked('/cgi-bin/tags/get'), {
    tags: [
      { id: 2, name: '星标组', count: 0 },
      { id: 100, name: 'gold', count: 1 },
    ],
  })
  await sent('/cgi-bin/tags/members/batchuntagging', members)
  await sent('/cgi-bin/tags/members/batchtagging', members)
  t.match(await sent('/cgi-bin/tags/delete', { tag: { id: 100 } }), { errcode: 0 })
  t.strictSame(await sent('/cgi-bin/tags/getidlist', { openid: FAN }), { tagid_list: [] })
})

t.test('QR codes: the phone knows the scene, and there is a picture until it expires', async t => {
  const { api, call, sent, time } = await fakeApi(t)
  const make = (action_name: string, scene: object, more = {}) =>
    sent('/cgi-bin/qrcode/create', { action_name, action_info: { scene }, ...more })
  const code = await make('QR_STR_SCENE', { scene_str: 'booth-17' }, { expire_seconds: 600 })
  t.match(code, { ticket: /^[\w-]{78}$/, expire_seconds: 600, url: /^http:\/\/weixin\.qq\.com\/q\// })
  t.match(await make('QR_SCENE', { scene_id: 7 }), { expire_seconds: 60 })
  const forEver = await make('QR_LIMIT_SCENE', { scene_id: 100_000 })
  t.equal(forEver.expire_seconds, undefined)
  t.strictSame(
    api.qrCodes.map(({ scene, expires }) => [scene, expires]),
    [
      ['booth-17', 1_893_456_600_000],
      ['7', 1_893_456_060_000],
      ['100000', undefined],
    ],
  )
  const picture = () => call(`/cgi-bin/showqrcode?ticket=${encodeURIComponent(code.ticket)}`)
  const { response, text } = await picture()
  t.equal(response.headers.get('content-type'), 'image/png')
  t.match(text, /^.PNG\r\n/)
  time.now += 600_000
  t.equal((await picture()).response.status, 404)
  t.match(await make('QR_OTHER', { scene_id: 7 }), { errcode: 40053 })
  t.match(await make('QR_LIMIT_SCENE', { scene_id: 100_001 }), { errcode: 40053 })
  t.match(await make('QR_STR_SCENE', { scene_str: 'x'.repeat(65) }), { errcode: 40053 })
  t.match(await make('QR_STR_SCENE', { scene_str: 'x' }, { expire_seconds: 2_592_001 }), { errcode: 40053 })
})

t.test('short keys', async t => {
  const { sent, time } = await fakeApi(t)
  const { short_key } = await sent('/cgi-bin/shorten/gen', { long_data: 'long', expire_seconds: 60 })
  time.now += 10_000
  t.strictSame(await sent('/cgi-bin/shorten/fetch', { short_key }), {
    long_data: 'long',
    create_time: 1893456000,
    expire_seconds: 50,
  })
  time.now += 50_000
  t.match(await sent('/cgi-bin/shorten/fetch', { short_key }), { errcode: 9410010 })
})

t.test('templates: added, listed, sent and deleted', async t => {
  const { api, asked, sent, call, token } = await fakeApi(t)
  const heard: unknown[] = []
  api.onFollowerMessage((_, message) => heard.push(message))
  api.noteAction({ openid: FAN, kind: 'event:subscribe' })
  const { template_id } = await sent('/cgi-bin/template/api_add_template', {
    template_id_short: 'TM00015',
    keyword_name_list: ['订单'],
  })
  t.match(await asked('/cgi-bin/template/get_all_private_template'), {
    template_list: [{ template_id, title: '模板 TM00015', content: '订单：{{keyword1.DATA}}' }],
  })
  const message = {
    touser: FAN,
    template_id,
    url: 'https://a.example/',
    client_msg_id: 'a',
    data: { k: { value: '7' } },
  }
  const body = JSON.stringify(message)
  const { text } = await call(`/cgi-bin/message/template/send?access_token=${token}`, { method: 'POST', body })
  const [, msgid] = /^\{"errcode":0,"errmsg":"ok","msgid":(\d{19})\}$/.exec(text) ?? []
  t.strictSame(heard, [
    { type: 'template', msgId: msgid, title: '模板 TM00015', lines: ['7'], url: 'https://a.example/' },
  ])
  await sent('/cgi-bin/message/template/send', message)
  t.equal(heard.length, 1, 'the same client_msg_id is not sent again')
  await sent('/cgi-bin/message/template/send', { ...message, client_msg_id: 'b' })
  t.equal(heard.length, 2)
  t.match(await sent('/cgi-bin/message/template/send', { ...message, template_id: 'x' }), { errcode: 40037 })
  t.match(await sent('/cgi-bin/message/template/send', { ...message, touser: 'oNobody', client_msg_id: 'c' }), {
    errcode: 40003,
  })
  t.match(await sent('/cgi-bin/template/del_private_template', { template_id }), { errcode: 0 })
  t.match(await asked('/cgi-bin/template/get_all_private_template'), { template_list: [] })
  for (let count = 1; count <= 25; count++) await sent('/cgi-bin/template/api_add_template', { template_id_short: 'T' })
  t.match(await sent('/cgi-bin/template/api_add_template', { template_id_short: 'T' }), { errcode: 45026 })
})

t.test('the JS-SDK ticket is the same for two hours', async t => {
  const { asked, time } = await fakeApi(t)
  const ticket = async () => (await asked('/cgi-bin/ticket/getticket', { type: 'jsapi' })).ticket
  const one = await ticket()
  time.now += 7_199_000
  t.equal(await ticket(), one)
  t.match(await asked('/cgi-bin/ticket/getticket', { type: 'other' }), { errcode: 40097 })
})

t.test('quotas, addresses and the network check', async t => {
  const { asked, sent, post } = await fakeApi(t)
  await asked('/cgi-bin/menu/get')
  const quota = () => sent('/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/menu/get' })
  t.match(await quota(), { quota: { daily_limit: 10_000, used: 1, remain: 9999 } })
  await sent('/cgi-bin/openapi/quota/clear', { cgi_path: '/cgi-bin/menu/get' })
  t.match(await quota(), { quota: { used: 0 } })
  t.match(await sent('/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/x' }), { errcode: 76021 })
  t.match(await sent('/cgi-bin/clear_quota', { appid: ACCOUNT.appId }), { errcode: 0 })
  t.match(await sent('/cgi-bin/clear_quota', { appid: 'wx' }), { errcode: 40013 })
  t.match(await post('/cgi-bin/clear_quota/v2', { appid: ACCOUNT.appId, appsecret: 'x' }), { errcode: 40125 })
  t.strictSame(await asked('/cgi-bin/getcallbackip'), { ip_list: ['127.0.0.1'] })
  const check = (action: string, check_operator: string) => sent('/cgi-bin/callback/check', { action, check_operator })
  t.match(await check('all', 'DEFAULT'), { dns: [{ ip: '127.0.0.1' }], ping: [{ package_loss: '0%' }] })
  t.strictSame(Object.keys(await check('dns', 'CHINANET')), ['dns'])
  t.match(await check('x', 'DEFAULT'), { errcode: 40202 })
  t.match(await check('dns', 'x'), { errcode: 40203 })
})

t.test('web login: consent, a code that works once, and what it opens', async t => {
  const { api, call, get, time } = await fakeApi(t)
  api.noteAction({ openid: FAN, kind: 'text' })
  const authorize = (change: Record<string, string> = {}) =>
    `/connect/oauth2/authorize?${new URLSearchParams({
      appid: ACCOUNT.appId,
      redirect_uri: 'https://fans.example.org/back?a=1',
      response_type: 'code',
      scope: 'snsapi_userinfo',
      state: 'S1',
      ...change,
    })}`
  const { text: page } = await call(authorize({ redirect_uri: 'https://a.example/"><script>' }))
  t.match(page, `<option>${FAN}</option>`)
  t.match(page, 'name="state" value="S1"')
  t.notMatch(page, '<script>')

  const codeFor = async (target: string) => {
    const { response } = await call(target)
    t.equal(response.status, 302)
    const location = new URL(response.headers.get('location') ?? '')
    t.match(location.href, /^https:\/\/fans\.example\.org\/back\?a=1&code=[\w-]{32}&state=S1$/)
    return location.searchParams.get('code') ?? ''
  }
  const agreed = authorize({ visitor: FAN }).replace('authorize', 'agreed')
  const exchange = (code: string, change = {}) =>
    get('/sns/oauth2/access_token', {
      appid: ACCOUNT.appId,
      secret: ACCOUNT.appSecret,
      grant_type: 'authorization_code',
      code,
      ...change,
    })
  const code = await codeFor(agreed)
  t.match(await exchange(code, { secret: 'x' }), { errcode: 40125 })
  const login = await exchange(code)
  t.match(login, { expires_in: 7200, openid: FAN, scope: 'snsapi_userinfo' })
  t.match(await exchange(code), { errcode: 40163 })
  t.match(await exchange('other'), { errcode: 40029 })
  t.match(await exchange(''), { errcode: 41008 })
  const late = await codeFor(agreed)
  time.now += 300_000
  t.match(await exchange(late), { errcode: 42003 })

  const visitor = { access_token: login.access_token, openid: FAN }
  t.match(await get('/sns/userinfo', visitor), { openid: FAN, nickname: FAN, privilege: [] })
  t.match(await get('/sns/auth', visitor), { errcode: 0 })
  t.match(await get('/sns/auth', { ...visitor, openid: 'oOther' }), { errcode: 40003 })
  time.now += 7_200_000
  t.match(await get('/sns/auth', visitor), { errcode: 42001 })
  const refresh = (refresh_token: string) =>
    get('/sns/oauth2/refresh_token', { appid: ACCOUNT.appId, grant_type: 'refresh_token', refresh_token })
  const again = await refresh(login.refresh_token)
  t.match(again, { refresh_token: login.refresh_token, openid: FAN })
  t.match(await get('/sns/auth', { access_token: again.access_token, openid: FAN }), { errcode: 0 })
  t.match(await refresh('x'), { errcode: 40030 })
  time.now += 30 * 86_400_000
  t.match(await refresh(login.refresh_token), { errcode: 42002 })

  const base = await exchange(await codeFor(authorize({ scope: 'snsapi_base', visitor: FAN })))
  t.match(await get('/sns/userinfo', { access_token: base.access_token, openid: FAN }), { errcode: 48001 })
  for (const [change, number] of [
    [{ appid: 'wx' }, 10013],
    [{ redirect_uri: 'javascript:alert(1)' }, 10003],
    [{ scope: 'all' }, 10005],
    [{ state: 'a b' }, 10004],
  ] as const) {
    t.match((await call(authorize(change))).text, `Code ${number}`)
  }
})
