import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { ACCESS_TOKEN, fakeAccount } from './fake-account.ts'
import { checkout, weixin } from './weixin.ts'

const directory = checkout(t)
const MEMORY = { WEIXIN_STORE: 'memory:' }

t.test('api GET prints the JSON that comes back, with exact numbers', async t => {
  const { environment, received } = await fakeAccount(t, directory, {
    'GET /cgi-bin/user/info': '{"openid":"o1","msgid":12345678901234567890}',
  })
  const words = ['api', 'GET', '/cgi-bin/user/info?openid=o1']
  const { code, stdout, stderr } = await weixin(directory, words, { ...environment, ...MEMORY })
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  t.equal(stdout, '{\n  "openid": "o1",\n  "msgid": "12345678901234567890"\n}\n')
  t.strictSame(received[1]?.query, { access_token: ACCESS_TOKEN, openid: 'o1' })
})

t.test('api POST sends JSON from the command line or from a file', async t => {
  const call = 'POST /cgi-bin/user/info/updateremark'
  const account = await fakeAccount(t, directory, { [call]: '{"errcode":0,"errmsg":"ok"}' })
  const environment = { ...account.environment, ...MEMORY }
  fs.writeFileSync(path.join(directory, 'remark.json'), '\uFEFF{"openid":"o2","remark":"木棉"}')
  for (const body of ['{"openid":"o1"}', '@remark.json']) {
    const words = ['api', 'POST', '/cgi-bin/user/info/updateremark', body]
    t.equal((await weixin(directory, words, environment)).code, 0)
  }
  t.strictSame(account.bodiesOf(call), [{ openid: 'o1' }, { openid: 'o2', remark: '木棉' }])
})

t.test('api saves a file under --output, and leaves alone what is there already', async t => {
  const { environment } = await fakeAccount(t, directory, {
    'GET /cgi-bin/media/get': response =>
      response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(Buffer.from([0xff, 0xd8, 1, 2])),
  })
  const words = ['api', 'GET', '/cgi-bin/media/get?media_id=m', '--output', 'picture.jpg']
  const saved = await weixin(directory, words, { ...environment, ...MEMORY })
  t.match(saved, { code: 0, stdout: 'picture.jpg\n', stderr: '' })
  t.equal(fs.readFileSync(path.join(directory, 'picture.jpg'), 'hex'), 'ffd80102')
  const again = await weixin(directory, words, { ...environment, ...MEMORY })
  t.match(again, { code: 2, stderr: 'weixin: picture.jpg is there already; move it away or name another file\n' })
})

t.test('api says what WeChat refused with exit code 1', async t => {
  const { environment } = await fakeAccount(t, directory, {
    'GET /cgi-bin/menu/get': '{"errcode":46003,"errmsg":"menu no exist rid: 1-2-3"}',
  })
  const { code, stderr } = await weixin(directory, ['api', 'GET', '/cgi-bin/menu/get'], { ...environment, ...MEMORY })
  t.equal(code, 1)
  t.match(stderr, /^weixin: GET \/cgi-bin\/menu\/get: 46003 [^\n]*\n$/)
})

t.test('words that cannot be meant are refused with exit code 2', async t => {
  const { environment, received } = await fakeAccount(t, directory, {})
  const refused = async (...words: string[]) => {
    const { code, stderr } = await weixin(directory, ['api', ...words], { ...environment, ...MEMORY })
    t.equal(code, 2)
    return stderr
  }
  t.match(await refused(), /^weixin: Usage: weixin api GET\|POST PATH/)
  t.match(await refused('PUT', '/x'), /^weixin: Usage: /)
  t.match(await refused('GET', '/x', '{}'), /^weixin: a GET has no body/)
  t.equal(await refused('POST', '/x', '{"a":}'), 'weixin: JSON:1: not JSON (ValueExpected)\n')
  t.equal(await refused('POST', '/x', '@missing.json'), 'weixin: cannot read missing.json: ENOENT\n')
  t.match(await refused('GET', 'https://elsewhere.example/x'), /must be a path such as/)
  t.equal(received.length, 0)
})

t.test('api POST sends ids beyond 2^53 as the numbers that were written', async t => {
  const { environment, received } = await fakeAccount(t, directory, { 'POST /cgi-bin/comment/open': '{"errcode":0}' })
  const body = '{"msg_data_id":9007199254740993,"list":[18446744073709551615],"name":"9007199254740993"}'
  fs.writeFileSync(path.join(directory, 'ids.json'), body)
  for (const given of [body, '@ids.json']) {
    const words = ['api', 'POST', '/cgi-bin/comment/open', given]
    t.equal((await weixin(directory, words, { ...environment, ...MEMORY })).code, 0)
  }
  t.strictSame(
    received.filter(({ path: called }) => called === '/cgi-bin/comment/open').map(each => each.body.toString()),
    [body, body],
  )
})

t.test('api refuses an access_token in the path, because ours would have to go', async t => {
  const { environment, received } = await fakeAccount(t, directory, {})
  const words = ['api', 'GET', '/cgi-bin/menu/get?access_token=mine']
  t.match(await weixin(directory, words, { ...environment, ...MEMORY }), {
    code: 2,
    stderr: 'weixin: GET /cgi-bin/menu/get: access_token is filled in for this call; leave it out\n',
  })
  t.equal(received.length, 0)
})
