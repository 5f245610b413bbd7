import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import type { Script } from '../client/platform.ts'
import { fakeAccount } from './fake-account.ts'
import { checkout, weixin } from './weixin.ts'

const directory = checkout(t)
fs.writeFileSync(path.join(directory, 'photo.jpg'), Buffer.alloc(1000, 7))
fs.writeFileSync(path.join(directory, 'film.mp4'), Buffer.alloc(1000, 8))
fs.writeFileSync(path.join(directory, 'long.mp3'), Buffer.alloc(2 * 1024 * 1024 + 1))
fs.writeFileSync(path.join(directory, 'notes.txt'), 'x')

async function account(answers: Readonly<Record<string, Script>> = {}) {
  const fake = await fakeAccount(t, directory, answers)
  const run = (...words: string[]) =>
    weixin(directory, ['media', ...words], { ...fake.environment, WEIXIN_STORE: 'memory:' })
  return { ...fake, run }
}

t.test('media upload sends the file and shows its MediaId', async t => {
  const { run, received } = await account({
    'POST /cgi-bin/media/upload': '{"type":"image","media_id":"M-1","created_at":1893456000}',
  })
  const { code, stdout, stderr } = await run('upload', 'photo.jpg')
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  t.equal(stdout, 'type        image\nmedia_id    M-1\ncreated_at  1893456000\n')
  const [, sent] = received
  t.equal(sent?.query['type'], 'image')
  t.match(sent?.body.toString('latin1'), /name="media"; filename="photo\.jpg"\r\nContent-Type: image\/jpeg\r\n/)
  t.ok(sent?.body.includes(Buffer.alloc(1000, 7)))
})

t.test('media upload --permanent puts it into the material library, a video with its title', async t => {
  const { run, received } = await account({ 'POST /cgi-bin/material/add_material': '{"media_id":"P-1"}' })
  const { code, stdout } = await run('upload', 'film.mp4', '--permanent', '--title', '木棉', '--json')
  t.equal(code, 0)
  t.strictSame(JSON.parse(stdout), { media_id: 'P-1' })
  t.match(received[1]?.body.toString(), '{"title":"木棉","introduction":""}')
  fs.writeFileSync(path.join(directory, 'logo.bmp'), 'BM')
  t.equal((await run('upload', 'logo.bmp', '--permanent')).code, 0)
  t.match(await run('upload', 'logo.bmp'), { code: 2, stderr: /^weixin: logo\.bmp: / })
  t.match(await run('upload', 'film.mp4', '--permanent'), {
    code: 2,
    stderr: /^weixin: a permanent video needs --title/,
  })
})

t.test('media upload refuses what WeChat would refuse before it is sent', async t => {
  const { run, received } = await account()
  t.match(await run('upload', 'notes.txt'), { code: 2, stderr: /^weixin: notes\.txt: .*; permitted: jpg, jpeg, png, / })
  t.match(await run('upload', 'film.mp4', '--type', 'voice'), { code: 2, stderr: /; permitted: mp3, amr\n$/ })
  t.match(await run('upload', 'photo.jpg', '--type', 'film'), {
    code: 2,
    stderr: /^weixin: --type film: .*video, thumb\n/,
  })
  t.match(await run('upload', 'long.mp3'), { code: 2, stderr: /media is 2097153 bytes; WeChat takes at most 2 MB/ })
  fs.writeFileSync(path.join(directory, 'empty.jpg'), '')
  fs.mkdirSync(path.join(directory, 'folder.jpg'))
  t.match(await run('upload', 'empty.jpg'), { code: 2, stderr: /: media is an empty file, which WeChat refuses\n$/ })
  t.match(await run('upload', 'folder.jpg'), { code: 2, stderr: 'weixin: cannot read folder.jpg: EISDIR\n' })
  t.match(await run('upload', 'gone.jpg'), { code: 2, stderr: 'weixin: cannot read gone.jpg: ENOENT\n' })
  t.match(await run('upload'), { code: 2, stderr: /^weixin: Usage: weixin media upload FILE/ })
  t.equal(received.length, 0)
})

const picture: Script = response =>
  response
    .writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Disposition': 'attachment; filename="../../M-1.jpg"' })
    .end(Buffer.from([0xff, 0xd8, 3, 4]))

t.test('media get saves under WeChat’s name in this folder, or under --output', async t => {
  const { run } = await account({ 'GET /cgi-bin/media/get': picture })
  t.match(await run('get', 'M-1'), { code: 0, stdout: 'M-1.jpg\n', stderr: '' })
  t.equal(fs.readFileSync(path.join(directory, 'M-1.jpg'), 'hex'), 'ffd80304')
  t.match(await run('get', 'M-1', '--output', 'other.jpg'), { code: 0, stdout: 'other.jpg\n' })
  t.match(await run('get', 'M-1', '--output', 'none/other.jpg'), {
    code: 2,
    stderr: /cannot write none.other\.jpg: ENOENT/,
  })
})

t.test('media get prints the address of a video', async t => {
  const { run } = await account({ 'GET /cgi-bin/media/get': '{"video_url":"http://video.example/1"}' })
  t.match(await run('get', 'V-1'), { code: 0, stdout: 'http://video.example/1\n', stderr: '' })
})

t.test('a download that breaks off leaves no file', async t => {
  const { run } = await account({
    'GET /cgi-bin/media/get': response => {
      response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': 1000 }).write('half')
      response.destroy()
    },
  })
  t.equal((await run('get', 'M-2', '--output', 'half.jpg')).code, 1)
  t.notOk(fs.existsSync(path.join(directory, 'half.jpg')))
})

const skip = process.geteuid?.() !== 0 && 'only root can give files away'

t.test('what root saves belongs to the owner of the folder and is readable', { skip }, async t => {
  const { run } = await account({ 'GET /cgi-bin/media/get': picture })
  fs.mkdirSync(path.join(directory, 'www'))
  fs.chownSync(path.join(directory, 'www'), 33, 33)
  t.equal((await run('get', 'M-1', '--output', 'www/M-1.jpg')).code, 0)
  const { uid, gid, mode } = fs.statSync(path.join(directory, 'www/M-1.jpg'))
  t.strictSame({ uid, gid, mode: mode & 0o777 }, { uid: 33, gid: 33, mode: 0o644 })
})
