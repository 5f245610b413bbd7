import t from 'tap'
import { FAN } from '../../sample.ts'
import { fakeApi } from '../fake.ts'

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
  t.equal(await code({ ...one, sub_button: [] }), 0, 'as menu/get gives a button that opens nothing')
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
