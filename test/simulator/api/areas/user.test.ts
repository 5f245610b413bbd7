import t from 'tap'
import { FAN } from '../../sample.ts'
import { fakeApi } from '../fake.ts'

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
  t.match(
    await asked('/cgi-bin/user/get', { next_openid: FAN }),
    { total: 1, count: 0 },
    'the first is followed by none',
  )
  t.match(await asked('/cgi-bin/user/get', { next_openid: 'oNobody' }), { errcode: 40003 })
  t.match(await sent('/cgi-bin/user/info/batchget', { user_list: [] }), { errcode: 40032 })
  t.match(await sent('/cgi-bin/user/info/batchget', { user_list: Array(101).fill({ openid: FAN }) }), {
    errcode: 40032,
  })
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
