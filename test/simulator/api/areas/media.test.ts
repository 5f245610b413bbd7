import t from 'tap'
import { fakeApi, upload } from '../fake.ts'

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
