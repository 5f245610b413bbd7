import t from 'tap'
import { ACCOUNT } from '../sample.ts'
import { phoneFor } from './phone.ts'

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
