import t from 'tap'
import { answering, phoneFor } from './phone.ts'

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
