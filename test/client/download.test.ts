import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import type { Download, Progress } from '../../src/client/download.ts'
import { clientOf, platform, rejection, type Script } from './platform.ts'

const picture = Buffer.alloc(200_000, 0xab)

const sendPicture: Script = response => {
  response.writeHead(200, {
    'Content-Type': 'image/jpeg',
    'Content-Length': picture.length,
    'Content-disposition': 'attachment; filename="MEDIA_1.jpg"',
  })
  response.end(picture)
}

async function bytes({ body }: Download): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

t.test('a file comes as a stream, with what is known of it and with progress', async t => {
  const { url } = await platform(t, sendPicture)
  const reports: Progress[] = []
  const file = await clientOf(t, url).media.get({ media_id: 'm1' }, { onProgress: progress => reports.push(progress) })
  if (!('body' in file)) throw new Error('no file came')
  t.match(file, { contentType: 'image/jpeg', fileName: 'MEDIA_1.jpg', size: 200_000 })
  t.equal(reports.length, 0, 'nothing is read before somebody asks')
  t.ok((await bytes(file)).equals(picture))
  t.strictSame(reports.at(-1), { transferred: 200_000, total: 200_000 })
  t.ok(reports.every(({ transferred }, i) => transferred > (reports[i - 1]?.transferred ?? 0)))
})

t.test('a file can be piped', async t => {
  const { url } = await platform(t, sendPicture)
  const file = await clientOf(t, url).media.getHighQuality({ media_id: 'm1' })
  let length = 0
  const sink = new Writable({
    write(chunk, _, done) {
      length += chunk.length
      done()
    },
  })
  await pipeline(file.body, sink)
  t.equal(length, 200_000)
})

t.test('an error in the place of a file is found, whatever it says that it is', async t => {
  for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
    const { url } = await platform(t, response =>
      response.writeHead(200, { 'Content-Type': type }).end('{"errcode":40007,"errmsg":"invalid media_id"}'),
    )
    t.match(await rejection(clientOf(t, url).media.get({ media_id: 'm1' })), { errcode: 40007 }, type)
  }
})

t.test('a video comes as its address, articles as data', async t => {
  const video = await platform(t, '{"video_url":"https://video.example/v.mp4"}')
  const answer = await clientOf(t, video.url).media.get({ media_id: 'm1' })
  t.strictSame(answer, { video_url: 'https://video.example/v.mp4' })
  const news = await platform(t, '{"news_item":[{"title":"tree","thumb_media_id":"m","content":""}]}')
  const articles = await clientOf(t, news.url).material.get({ media_id: 'm1' })
  t.match(articles, { news_item: [{ title: 'tree' }] })
})

t.test('a picture that happens to begin with a brace is a picture; text of an unknown kind is a file', async t => {
  for (const [type, content] of [
    ['image/gif', '{GIF'],
    ['text/plain', '\xff\xd8\xff'],
    ['application/octet-stream', ''],
  ] as const) {
    const { url } = await platform(t, response =>
      response.writeHead(200, { 'Content-Type': type }).end(Buffer.from(content, 'latin1')),
    )
    const file = await clientOf(t, url).media.getHighQuality({ media_id: 'm1' })
    t.equal((await bytes(file)).toString('latin1'), content)
  }
})

t.test('a page in the place of a file is an error', async t => {
  const { url } = await platform(t, response =>
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<html>sign in</html>'),
  )
  t.match(await rejection(clientOf(t, url).media.get({ media_id: 'm1' })), { reason: 'malformed' })
})

t.test('a file that ends too early is an error, not a short file', async t => {
  const { url } = await platform(t, response => {
    response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': 1000 })
    response.write('x'.repeat(500), () => response.destroy())
  })
  const file = await clientOf(t, url).media.getHighQuality({ media_id: 'm1' })
  t.match(await rejection(bytes(file)), { reason: 'lost', endpoint: 'GET /cgi-bin/media/get/jssdk' })
})

t.test('a file that does not come to its end is given up in time', async t => {
  const { url } = await platform(t, response => {
    response.writeHead(200, { 'Content-Type': 'image/jpeg' })
    response.write('x')
  })
  const file = await clientOf(t, url, { transferTimeout: 100 }).media.getHighQuality({ media_id: 'm1' })
  t.match(await rejection(bytes(file)), { reason: 'timeout' })
})

t.test('whoever stops reading ends the connection', async t => {
  let closed: () => void = () => {}
  const gone = new Promise<void>(resolve => {
    closed = resolve
  })
  const { url } = await platform(t, response => {
    response.writeHead(200, { 'Content-Type': 'image/jpeg' })
    response.write('x')
    response.on('close', closed)
  })
  const file = await clientOf(t, url).media.getHighQuality({ media_id: 'm1' })
  for await (const chunk of file.body) {
    t.equal(chunk.length, 1)
    break
  }
  await gone
})

t.test('the name of a file is a name alone', async t => {
  const names = {
    'attachment; filename="../../etc/passwd"': 'passwd',
    'attachment; filename=C:\\x\\y.jpg': 'y.jpg',
    'attachment; filename=".."': undefined,
    attachment: undefined,
  }
  for (const [disposition, expected] of Object.entries(names)) {
    const { url } = await platform(t, response =>
      response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Disposition': disposition }).end('x'),
    )
    const file = await clientOf(t, url).media.getHighQuality({ media_id: 'm1' })
    t.equal(file.fileName, expected)
  }
})

t.test('any path may be a file when the caller says so', async t => {
  const { url } = await platform(t, sendPicture)
  const file = await clientOf(t, url).request<Download>('/cgi-bin/new/file', { download: true })
  t.equal((await bytes(file)).length, 200_000)
})
