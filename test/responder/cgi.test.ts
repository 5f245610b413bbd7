import t from 'tap'
import { parseReply } from '../../src/reply/parse.ts'
import { APP_ID, ENCODING_AES_KEY, FOREIGN, MESSAGE } from '../crypto/vectors.ts'
import { ACCOUNT, FOLLOWER, openReply, SIGNED, sealedPost, textXml } from '../webhook/receiver.ts'
import { configured, post, runScript } from './script.ts'

/** The known signatures are of 2030: their age is accepted. */
const SETTINGS = { token: 'kapokTree2031', replayWindow: 0 }
const SECRET = 'f00dfeedf00dfeedf00dfeedf00dfeed'
const SAFE = { ...SETTINGS, mode: 'safe', appId: APP_ID, aesKey: ENCODING_AES_KEY, appSecret: SECRET }
const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }

t.test('the access check is answered byte for byte', async t => {
  const environment = { ...configured(t, SETTINGS), REQUEST_METHOD: 'GET' }
  const { exit, stdout, log } = runScript({ ...environment, QUERY_STRING: `${SIGNED}&echostr=5838479218127813673` })
  t.equal(
    stdout,
    'Status: 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 19\r\n\r\n5838479218127813673',
  )
  t.equal(exit, 0)
  t.strictSame(log, [])
})

t.test('the published signatures are accepted', async t => {
  const published = [
    ['AAAAA', '1714036504', '1514711492', 'f464b24fc39322e44b38aa78f5edd27bd1441696'],
    ['AAAAA', '1714037059', '486452656', '899cf89e464efb63f54ddac96b0a0a235f53aa78'],
    ['Zz9', '99', '100', '41c434f07503eb071f7f8c33d5c37103b17046ed'],
  ]
  for (const [token, timestamp, nonce, signature] of published) {
    const environment = { ...configured(t, { ...SETTINGS, token }), REQUEST_METHOD: 'GET' }
    const query = `signature=${signature}&timestamp=${timestamp}&nonce=${nonce}&echostr=7`
    t.match(runScript({ ...environment, QUERY_STRING: query }), { exit: 0, status: 200, body: '7', log: [] })
  }
})

t.test('what is not signed is forbidden, with one line in the log', async t => {
  const config = configured(t, SETTINGS)
  const forged = SIGNED.replace('37042', '00000')
  const queries = [
    '',
    SIGNED,
    `${forged}&echostr=%3Cscript%3E`,
    `${SIGNED}&nonce=1&echostr=1`,
    `a=%zz&${'b'.repeat(65536)}`,
  ]
  for (const query of queries) {
    const { exit, status, headers, body, log } = runScript({ ...config, REQUEST_METHOD: 'GET', QUERY_STRING: query })
    t.strictSame([exit, status, body], [0, 403, 'forbidden\n'], query.slice(0, 99))
    t.strictSame(headers, { ...TEXT, 'Content-Length': '10' })
    t.equal(log.length, 1)
    t.match(log[0], /^weixin warn: .* status=403 reason=(-40001|query|echostr)$/)
  }
})

t.test('a signature of 2030 is too far from the clock when its age is looked at', async t => {
  const config = configured(t, { token: 'kapokTree2031' })
  const run = runScript({ ...config, REQUEST_METHOD: 'GET', QUERY_STRING: `${SIGNED}&echostr=1` })
  t.match(run, { exit: 0, status: 403, log: [/ reason=replay$/] })
})

t.test('a plain message is answered, with its length in bytes', async t => {
  const { exit, status, headers, body, log } = runScript(
    { ...configured(t, SETTINGS), ...post(SIGNED, MESSAGE.xml) },
    MESSAGE.xml,
  )
  t.strictSame([exit, status, log], [0, 200, []])
  t.strictSame(headers, {
    'Content-Type': 'text/xml; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
  })
  const reply = parseReply(body)
  t.match(reply, { MsgType: 'text', Content: '木棉 🌳', ToUserName: FOLLOWER, FromUserName: ACCOUNT })
  t.match(reply, { CreateTime: /^\d{10}$/ })
})

t.test('an event that nobody answers is success, in seven bytes', async t => {
  const view = textXml('').replace('[text]', '[event]').replace('</xml>', '<Event>VIEW</Event></xml>')
  const run = runScript({ ...configured(t, SETTINGS), ...post(SIGNED, view) }, view)
  t.strictSame([run.exit, run.status, run.body, run.headers], [0, 200, 'success', { ...TEXT, 'Content-Length': '7' }])
})

t.test('in safe mode an encrypted message gets an encrypted reply, and a plain one is forbidden', async t => {
  const config = configured(t, SAFE)
  const { query = '', body: sent = '' } = sealedPost(textXml('help'))
  const { exit, status, headers, body, log } = runScript({ ...config, ...post(query, sent) }, sent)
  t.strictSame([exit, status, log], [0, 200, []])
  t.equal(headers['Content-Length'], String(Buffer.byteLength(body)))
  t.match(openReply({ status: 200, headers, body }), { MsgType: 'text', Content: /^我会这些：/, ToUserName: FOLLOWER })
  const plain = textXml('help')
  t.match(runScript({ ...config, ...post(SIGNED, plain) }, plain), {
    status: 403,
    body: 'forbidden\n',
    log: [/ reason=downgrade$/],
  })
})

t.test('a message for another AppID is forbidden, and nothing secret is told', async t => {
  const envelope = `<xml><Encrypt><![CDATA[${FOREIGN.encrypt}]]></Encrypt></xml>`
  const query = `${SIGNED}&openid=${FOLLOWER}&encrypt_type=aes&msg_signature=${FOREIGN.msgSignature}`
  const { status, stdout, log } = runScript({ ...configured(t, SAFE), ...post(query, envelope) }, envelope)
  t.equal(status, 403)
  t.match(log, [/^weixin warn: -40005: the message is for another AppID; .* status=403 reason=-40005$/])
  for (const secret of ['kapokTree2031', ENCODING_AES_KEY, SECRET, FOLLOWER]) {
    t.notOk(`${stdout}${log.join()}`.includes(secret))
  }
})

t.test('a body is refused by its size, its completeness, its encoding and its format', async t => {
  const config = configured(t, SETTINGS)
  const text = textXml('hi')
  const fits = textXml('x'.repeat(65536 - Buffer.byteLength(textXml(''))))
  t.equal(Buffer.byteLength(fits), 65536)
  const large = fits.replace('x', 'xx')
  t.match(runScript({ ...config, ...post(SIGNED, fits) }, fits), { status: 200 }, '64 KiB')
  t.match(runScript({ ...config, ...post(SIGNED, large) }, large), { status: 413, log: [/ reason=too-large$/] })
  t.match(runScript({ ...config, ...post(SIGNED, `${text} `) }, text), { status: 400, log: [/ reason=incomplete$/] })
  t.match(runScript({ ...config, ...post(SIGNED, '') }), { status: 400, log: [/ reason=prolog$/] })
  const gzip = { ...config, ...post(SIGNED, text), HTTP_CONTENT_ENCODING: 'gzip' }
  t.match(runScript(gzip, text), { status: 415, log: [/ reason=encoding$/] })
  t.match(runScript({ ...config, ...post(SIGNED, '{}') }, '{}'), { status: 415, log: [/ reason=json$/] })
})

t.test('other methods are refused with those that are permitted, and HEAD without a body', async t => {
  const config = configured(t, SETTINGS)
  const put = runScript({ ...config, REQUEST_METHOD: 'PUT', QUERY_STRING: SIGNED })
  t.match(put, { exit: 0, status: 405, headers: { Allow: 'GET, POST' }, body: 'method not allowed\n' })
  const head = runScript({ ...config, REQUEST_METHOD: 'HEAD', QUERY_STRING: `${SIGNED}&echostr=1` })
  t.match(head, { status: 405, headers: { Allow: 'GET, POST', 'Content-Length': '19' }, body: '' })
})
