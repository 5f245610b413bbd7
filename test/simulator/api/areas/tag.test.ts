import t from 'tap'
import { FAN } from '../../sample.ts'
import { fakeApi } from '../fake.ts'

t.test('tags: made, given, renamed and deleted', async t => {
  const { api, asked, sent } = await fakeApi(t)
  api.noteAction({ openid: FAN, kind: 'text' })
  t.strictSame(await sent('/cgi-bin/tags/create', { tag: { name: 'vip' } }), { tag: { id: 100, name: 'vip' } })
  t.match(await sent('/cgi-bin/tags/create', { tag: { name: 'vip' } }), { errcode: 45157 })
  t.match(await sent('/cgi-bin/tags/create', { tag: { name: '长'.repeat(31) } }), { errcode: 45158 })
  const most = await fakeApi(t)
  const add = (number: number) => most.sent('/cgi-bin/tags/create', { tag: { name: `tag ${number}` } })
  for (let number = 1; number <= 99; number++) await add(number)
  t.match(await add(100), { errcode: 45056 }, 'with the one of the system there are a hundred')
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
