import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import t from 'tap'
import { ArgumentError } from '../../src/client/argument-error.ts'
import type { Progress } from '../../src/client/download.ts'
import { clientOf, platform, rejection } from './platform.ts'

const UPLOADED = '{"type":"image","media_id":"m1","created_at":1893456000}'
const INVALID = '{"errcode":40001,"errmsg":"no"}'

t.test('an upload is multipart/form-data, byte for byte', async t => {
  const { url, received } = await platform(t, UPLOADED)
  const content = Buffer.from([0, 13, 10, 45, 45, 255])
  const uploaded = await clientOf(t, url).media.upload({ type: 'image', media: { fileName: 'tree.jpg', content } })
  t.equal(uploaded.media_id, 'm1')
  const [call] = received
  t.equal(call?.path, '/cgi-bin/media/upload')
  t.equal(call?.query['type'], 'image')
  t.equal(call?.headers['transfer-encoding'], undefined)
  t.equal(call?.headers['content-length'], String(call?.body.length))
  const boundary = /^multipart\/form-data; boundary=(----weixin-cgi-[0-9a-f]{24})$/.exec(
    call?.headers['content-type'] ?? '',
  )
  t.equal(
    call?.body.toString('latin1'),
    [
      `--${boundary?.[1]}`,
      'Content-Disposition: form-data; name="media"; filename="tree.jpg"',
      'Content-Type: image/jpeg',
      '',
      '\0\r\n--\xff',
      `--${boundary?.[1]}--`,
      '',
    ].join('\r\n'),
  )
})

t.test('fields beside the file go with it, objects as JSON', async t => {
  const { url, received } = await platform(t, '{"media_id":"m1"}')
  await clientOf(t, url).material.add({
    type: 'video',
    media: { fileName: 'tree.mp4', content: Buffer.from('film') },
    description: { title: '木棉', introduction: 'a "tree"' },
  })
  const body = received[0]?.body.toString() ?? ''
  t.match(body, 'name="description"\r\n\r\n{"title":"木棉","introduction":"a \\"tree\\""}\r\n--')
  t.match(body, 'name="media"; filename="tree.mp4"\r\nContent-Type: video/mp4\r\n\r\nfilm\r\n--')
  t.strictSame(received[0]?.query['type'], 'video')
})

t.test('a file name goes as ASCII with its extension, whatever it was', async t => {
  const names = {
    'C:\\photos\\tree.JPG': 'tree.JPG',
    '/etc/tree.png': 'tree.png',
    '木棉.jpg': '__.jpg',
    'a"b\r\nc.gif': 'a_b__c.gif',
  }
  for (const [fileName, sent] of Object.entries(names)) {
    const { url, received } = await platform(t, UPLOADED)
    await clientOf(t, url).media.upload({ type: 'image', media: { fileName, content: Buffer.from('x') } })
    t.match(received[0]?.body.toString(), `; filename="${sent}"\r\n`)
  }
})

t.test('a file name without an extension is refused, before anything is sent', async t => {
  const { url, received } = await platform(t, UPLOADED)
  for (const fileName of ['tree', '.jpg', '', 'tree.', 'tree.木']) {
    const media = { fileName, content: Buffer.from('x') }
    const error = await rejection(clientOf(t, url).media.upload({ type: 'image', media }))
    t.ok(error instanceof ArgumentError)
    t.match(error, { parameter: 'media.fileName' })
  }
  t.equal(received.length, 0)
})

t.test('a file that is larger than WeChat takes is refused, before anything is sent', async t => {
  const { url, received } = await platform(t, UPLOADED)
  const content = { size: 64 * 1024 + 1, stream: () => fail() }
  const error = await rejection(clientOf(t, url).media.upload({ type: 'thumb', media: { fileName: 'a.jpg', content } }))
  t.equal(error.message, 'POST /cgi-bin/media/upload: media is 65537 bytes; WeChat takes at most 64 KB')
  t.equal((error as ArgumentError).zh, 'POST /cgi-bin/media/upload：media 为 65537 字节；微信接受最多 64 KB')
  t.equal(received.length, 0)
})

function fail(): never {
  throw new Error('nobody should read this')
}

t.test('a file is sent from the disk or a Blob, and again after a refused token', async t => {
  const file = `${t.testdir({ 'tree.jpg': 'j'.repeat(200_000) })}/tree.jpg`
  const { size } = await fs.stat(file)
  const contents = [
    { size, stream: () => createReadStream(file) },
    new Blob(['j'.repeat(200_000)]) as unknown as { size: number; stream(): AsyncIterable<Uint8Array> },
  ]
  for (const content of contents) {
    const { url, received } = await platform(t, INVALID, UPLOADED)
    await clientOf(t, url).media.upload({ type: 'image', media: { fileName: 'tree.jpg', content } })
    t.equal(received.length, 2)
    t.ok(received[1]?.body.equals(received[0]?.body ?? Buffer.alloc(0)))
    t.ok(received[1]?.body.toString().includes('j'.repeat(200_000)))
  }
})

t.test('progress is reported to the last byte', async t => {
  const { url, received } = await platform(t, UPLOADED)
  const reports: Progress[] = []
  const content = Buffer.alloc(300_000)
  await clientOf(t, url).media.upload(
    { type: 'image', media: { fileName: 'tree.jpg', content } },
    { onProgress: progress => reports.push(progress) },
  )
  const total = received[0]?.body.length
  t.equal(reports.length, 8, 'head, five chunks of 64 KB, two ends')
  t.strictSame(reports.at(-1), { transferred: total, total })
  t.ok(reports.every(({ transferred }, i) => transferred > (reports[i - 1]?.transferred ?? 0)))
})

t.test('a file that cannot be read, or has another size, is an error that says so', async t => {
  const { url } = await platform(t, UPLOADED)
  const missing = { size: 5, stream: () => createReadStream('/no/such/file.jpg') }
  const short = {
    size: 5,
    stream: async function* () {
      yield Buffer.from('four')
    },
  }
  const long = {
    size: 5,
    stream: async function* () {
      yield Buffer.from('sixsix')
    },
  }
  for (const content of [missing, short, long]) {
    const error = await rejection(
      clientOf(t, url).media.upload({ type: 'image', media: { fileName: 'a.jpg', content } }),
    )
    t.ok(error instanceof ArgumentError)
    t.match(error.message, /content could not be read, or has another size than it said/)
  }
})

t.test('nothing is no file', async t => {
  for (const media of [
    null,
    'a.jpg',
    {},
    { fileName: 'a.jpg', content: null },
    { fileName: 7, content: Buffer.from('x') },
  ]) {
    const error = await rejection(
      clientOf(t, 'http://127.0.0.1:1').media.upload({ type: 'image', media: media as never }),
    )
    t.match(error, { name: 'ArgumentError', message: /media must be a file/ })
  }
})

t.test('any path takes a form', async t => {
  const { url, received } = await platform(t, '{"url":"http://mmbiz.qpic.cn/x"}')
  const media = { fileName: 'tree.png', content: Buffer.from('x'), contentType: 'image/x-png' }
  const sent: number[] = []
  const onProgress = ({ transferred }: Progress) => sent.push(transferred)
  await clientOf(t, url).request('/cgi-bin/media/uploadimg', { form: { media, note: '木' }, onProgress })
  t.equal(sent.at(-1), received[0]?.body.length, 'it is told how far it has come')
  t.match(received[0]?.body.toString(), 'filename="tree.png"\r\nContent-Type: image/x-png\r\n\r\nx\r\n')
  t.match(received[0]?.body.toString(), 'name="note"\r\n\r\n木\r\n')
})

t.test('a picture is recognised by its address or by its bytes', async t => {
  const { url, received } = await platform(t, '{"number":"622"}')
  const client = clientOf(t, url)
  await client.picture.bankCard({ img_url: 'https://fans.example.org/card.jpg?a=1&b=2' })
  await client.picture.bankCard({ img: { fileName: 'card.jpg', content: Buffer.from('x') } })
  t.equal(received[0]?.query['img_url'], 'https://fans.example.org/card.jpg?a=1&b=2')
  t.match(received[1]?.body.toString(), 'name="img"; filename="card.jpg"')
})

t.test('a text to translate goes as it is', async t => {
  const { url, received } = await platform(t, '{"from_content":"木","to_content":"tree"}')
  const { to_content } = await clientOf(t, url).ai.translate({ lfrom: 'zh_CN', lto: 'en_US', content: '木' })
  t.equal(to_content, 'tree')
  t.equal(received[0]?.body.toString(), '木')
  t.match(received[0]?.query, { lfrom: 'zh_CN', lto: 'en_US' })
})
