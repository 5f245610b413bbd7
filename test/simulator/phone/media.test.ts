import t from 'tap'
import { phoneFor } from './phone.ts'

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
