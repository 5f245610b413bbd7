import t from 'tap'
import { createAccountApi } from '../../../src/client/account.ts'
import { type Endpoint, splitCall } from '../../../src/client/endpoint.ts'
import { endpoints } from '../../../src/client/endpoints/index.ts'
import { createLogger } from '../../../src/log.ts'
import { limits, routes } from '../../../src/simulator/api/routes.ts'
import { openStore } from '../../../src/store/open.ts'
import { ACCOUNT, FAN } from '../sample.ts'
import { fakeApi } from './fake.ts'

const SIMULATED = [
  'basic',
  'menu',
  'customMessage',
  'media',
  'material',
  'user',
  'tag',
  'blacklist',
  'qrcode',
  'template',
  'jssdk',
  'oauth',
] as const

t.test('every endpoint of these areas is simulated, with the limit a day that the client knows', async t => {
  for (const area of SIMULATED) {
    for (const { call, perDay } of Object.values(endpoints[area]) as Endpoint[]) {
      const { method, path } = splitCall(call)
      t.ok(Object.hasOwn(routes, `${method} ${path}`), `${method} ${path}`)
      if (perDay !== undefined) t.equal(limits.get(path), perDay)
    }
  }
})

t.test('the client can call each of them, and understands the answer', async t => {
  const { api } = await fakeApi(t, { now: Date.now })
  const log = createLogger(line => t.match(line, /^weixin info: access token fetched /, 'nothing goes wrong'))
  const { client } = createAccountApi({
    appId: ACCOUNT.appId,
    appSecret: ACCOUNT.appSecret,
    apiBase: api.url,
    proxy: undefined,
    store: await openStore('memory:', { baseDirectory: '.' }),
    log,
  })
  t.teardown(() => client.close())
  api.noteAction({ openid: FAN, kind: 'text' })
  const openid_list = [FAN]
  const button = [{ name: 'a', type: 'click', key: 'K' }] as const

  t.match(await client.basic.stableToken({}), { access_token: /^[\w-]{136}$/ })
  t.match(await client.basic.token(), { access_token: /^[\w-]{136}$/ })
  await client.basic.clearQuota()
  await client.basic.clearQuotaBySecret()
  t.match(await client.basic.getQuota({ cgi_path: '/cgi-bin/menu/create' }), { quota: { daily_limit: 1000 } })
  await client.basic.clearApiQuota({ cgi_path: '/cgi-bin/menu/create' })
  await t.rejects(client.basic.getRid({ rid: '00000000-00000000-00000000' }), { name: 'ApiError', message: /76001/ })
  t.match(await client.basic.getApiDomainIp(), { ip_list: ['127.0.0.1'] })
  t.match(await client.basic.getCallbackIp(), { ip_list: ['127.0.0.1'] })
  t.match(await client.basic.checkCallback({ action: 'all', check_operator: 'DEFAULT' }), { dns: [{}], ping: [{}] })
  t.match(await client.basic.getAutoReply(), { is_autoreply_open: 0 })

  await client.menu.create({ button })
  const { menuid } = await client.menu.addConditional({ button, matchrule: { tag_id: '2' } })
  t.match(await client.menu.get(), { menu: { button: [{ key: 'K' }] }, conditionalmenu: [{ menuid }] })
  t.match(await client.menu.current(), { is_menu_open: 1 })
  t.match(await client.menu.tryMatch({ user_id: FAN }), { button: [{ name: 'a' }] })
  await client.menu.deleteConditional({ menuid })
  await client.menu.delete()

  await client.customMessage.typing({ touser: FAN, command: 'Typing' })
  await client.customMessage.send({ touser: FAN, msgtype: 'text', text: { content: '木棉' } })

  const media = { fileName: 'a.jpg', content: Buffer.from('jpg') }
  const { media_id = '' } = await client.media.upload({ type: 'image', media })
  t.match(await client.media.get({ media_id }), { contentType: 'image/jpeg', fileName: `${media_id}.jpg`, size: 3 })
  t.match(await client.media.getHighQuality({ media_id }), { size: 3 })
  t.match(await client.media.uploadImage({ media }), { url: /^http:/ })
  const film = { fileName: 'a.mp4', content: Buffer.from('mp4') }
  const description = { title: 't', introduction: 'i' }
  const added = await client.material.add({ type: 'video', media: film, description })
  t.match(await client.material.get({ media_id: added.media_id }), { title: 't' })
  t.match(await client.material.count(), { video_count: 1 })
  t.match(await client.material.list({ type: 'video', offset: 0, count: 20 }), { item: [{ name: 't' }] })
  await client.material.delete({ media_id: added.media_id })

  t.match(await client.user.list({}), { data: { openid: [FAN] } })
  t.match(await client.user.info({ openid: FAN }), { subscribe: 1 })
  t.match(await client.user.infos({ user_list: [{ openid: FAN }] }), { user_info_list: [{ openid: FAN }] })
  await client.user.remark({ openid: FAN, remark: 'r' })
  t.match(await client.user.changeOpenId({ from_appid: 'wx', openid_list }), { result_list: [{ ori_openid: FAN }] })
  const { tag } = await client.tag.create({ tag: { name: 'vip' } })
  await client.tag.addMembers({ tagid: tag.id, openid_list })
  t.match(await client.tag.ofUser({ openid: FAN }), { tagid_list: [100] })
  t.match(await client.tag.users({ tagid: tag.id }), { count: 1 })
  await client.tag.removeMembers({ tagid: tag.id, openid_list })
  await client.tag.update({ tag: { id: tag.id, name: 'gold' } })
  t.match(await client.tag.list(), { tags: [{ id: 2 }, { id: 100, name: 'gold', count: 0 }] })
  await client.tag.delete({ tag: { id: tag.id } })
  await client.blacklist.add({ openid_list })
  t.match(await client.blacklist.list({}), { total: 1 })
  await client.blacklist.remove({ openid_list })

  const action_info = { scene: { scene_str: 'booth' } }
  t.match(await client.qrcode.create({ action_name: 'QR_LIMIT_STR_SCENE', action_info }), { url: /^http:/ })
  const { short_key } = await client.qrcode.shorten({ long_data: 'x' })
  t.match(await client.qrcode.fetchShortened({ short_key }), { long_data: 'x' })

  await client.template.setIndustry({ industry_id1: '1', industry_id2: '4' })
  t.match(await client.template.getIndustry(), { primary_industry: { first_class: 'IT科技' } })
  const { template_id } = await client.template.add({ template_id_short: 'TM1' })
  t.match(await client.template.list(), { template_list: [{ template_id }] })
  t.match(await client.template.send({ touser: FAN, template_id, data: { a: { value: 'x' } } }), { msgid: /^\d{19}$/ })
  const once = { touser: FAN, template_id, scene: '1', title: 't', data: { content: { value: 'x' } } }
  await client.template.sendOnce(once)
  await client.template.delete({ template_id })
  t.match(await client.jssdk.ticket({ type: 'jsapi' }), { expires_in: 7200 })

  const back = new URLSearchParams({
    ...{ appid: ACCOUNT.appId, redirect_uri: 'https://a.example/', response_type: 'code' },
    ...{ scope: 'snsapi_userinfo', state: 'S', visitor: FAN },
  })
  const { headers } = await fetch(`${api.url}/connect/oauth2/agreed?${back}`, { redirect: 'manual' })
  const code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? ''
  const login = await client.oauth.accessToken({ code })
  const again = await client.oauth.refreshToken({ refresh_token: login.refresh_token })
  const visitor = { access_token: again.access_token, openid: login.openid }
  t.match(await client.oauth.userInfo(visitor), { openid: FAN })
  await client.oauth.check(visitor)

  t.strictSame(
    api.calls.filter(({ errcode }) => errcode !== 0).map(({ path }) => path),
    ['/cgi-bin/openapi/rid/get'],
  )
})
