import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { sealEnvelope } from '../../src/crypto/envelope.ts'
import { parseReply } from '../../src/reply/parse.ts'
import { freePort } from '../integration/deployment.ts'
import { checkout, weixin } from './weixin.ts'

const directory = checkout(t)
const keys = {
  WEIXIN_TOKEN: 'kapokTree2031',
  WEIXIN_APP_ID: 'wx00d1e2f3a4b5c6d7',
  WEIXIN_AES_KEY: 'Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc00',
}

t.test('send text shows request, status, type, size, time and reply', async t => {
  const { code, stdout } = await weixin(directory, ['send', 'text', '你好 ]]> {{x}}'], { WEIXIN_TOKEN: 't' })
  t.equal(code, 0)
  const [request = '', sent = '', , figures = '', ...reply] = stdout.split('\n')
  t.match(request, /^POST cgi-bin\/weixin\?signature=[0-9a-f]{40}&timestamp=\d{10}&nonce=\d+&openid=oSample/)
  t.match(sent, '<Content><![CDATA[你好 ]]]]><![CDATA[> {{x}}]]></Content></xml>')
  t.match(figures, /^200 {2}text\/xml; charset=utf-8 {2}\d+ bytes {2}\d+ ms$/)
  t.match(parseReply(reply.join('\n').trim()), {
    MsgType: 'text',
    Content: '你好 ]]> {{x}}',
    ToUserName: 'oSampleFollower_0000000000001',
    FromUserName: 'gh_sample000001',
  })
})

t.test('send takes every kind of message, and events by name', async t => {
  const image = await weixin(directory, ['send', 'image', 'http://p/', 'media-7'], { WEIXIN_TOKEN: 't' })
  t.match(image.stdout, '<Image><MediaId><![CDATA[media-7]]></MediaId></Image>')
  const subscribe = await weixin(directory, ['send', 'event:subscribe', 'qrscene_booth-17'], { WEIXIN_TOKEN: 't' })
  t.match(subscribe.stdout, '你扫的是“booth-17”的二维码。')
  const location = await weixin(directory, ['send', 'location'], { WEIXIN_TOKEN: 't' })
  t.match(location.stdout, '<Location_X>24.479834</Location_X>')
  t.match(location.stdout, '<Content><![CDATA[📍 厦门 (24.479834, 118.089425)]]></Content>')
})

t.test('send echo makes the access check', async t => {
  const { code, stdout } = await weixin(directory, ['send', 'echo'], keys)
  t.equal(code, 0)
  const [, echostr = ''] = /&echostr=(\d+)\n/.exec(stdout) ?? []
  t.ok(stdout.endsWith(`\n${echostr}\n`))
})

t.test('send --mode safe and compatible encrypt the message and show the reply decrypted', async t => {
  for (const mode of ['safe', 'compatible']) {
    const { code, stdout } = await weixin(directory, ['send', 'text', '木棉', '--mode', mode], keys)
    t.equal(code, 0)
    t.match(stdout, /&encrypt_type=aes&msg_signature=[0-9a-f]{40}\n/)
    t.match(stdout, /\ndecrypted:\n<xml><ToUserName>.*<Content><!\[CDATA\[木棉]]><\/Content><\/xml>\n$/)
  }
})

t.test('what cannot be sent is refused with the reason, and the exit code is 2', async t => {
  const refused = async (...words: string[]) => {
    const { code, stderr } = await weixin(directory, ['send', ...words], { WEIXIN_TOKEN: 't' })
    t.equal(code, 2)
    return stderr
  }
  t.match(await refused(), /^weixin: Usage: weixin send KIND/)
  t.match(await refused('txet'), /^weixin: no kind of message is called txet; permitted: text, image, /)
  t.match(await refused('text', 'one', 'two'), /^weixin: text takes at most 1 values: Content/)
  t.match(await refused('text', '--mode', 'safe'), /^weixin: --mode safe needs "aesKey" and "appId"/)
  t.match(await refused('text', '--mode', 'secure'), /^weixin: --mode secure: plain, compatible or safe is permitted/)
})

t.test('a status other than 200 makes the exit code 1', async t => {
  const words = ['send', 'text', '--field', 'FromUserName=']
  const { code, stdout } = await weixin(directory, words, { WEIXIN_TOKEN: 't' })
  t.equal(code, 1)
  t.match(stdout, /\n400 {2}text\/plain; charset=utf-8 .*\nbad request\n/)
})

/** A server that gives every request this answer. */
async function answering(t: Test, body: string): Promise<string> {
  const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const TEXT =
  '<xml><ToUserName>o</ToUserName><FromUserName>gh</FromUserName><CreateTime>1893456000</CreateTime><MsgType>text</MsgType><Content>hi</Content></xml>'

t.test(
  'an answer that WeChat would refuse makes the exit code 1, with the reason in the reader’s language',
  async t => {
    const url = await answering(t, '{"ok":1}')
    const english = await weixin(directory, ['send', 'text', '--url', url], keys)
    t.equal(english.code, 1)
    t.match(english.stdout, /\n200 {2}.*\n{"ok":1}\n$/)
    t.match(english.stderr, /^weixin: WeChat would refuse this reply: it is neither XML nor success: /)
    const chinese = await weixin(directory, ['send', 'text', '--url', url, '--lang', 'zh'], keys)
    t.equal(chinese.code, 1)
    t.match(chinese.stderr, /^weixin: 微信不会接受这个回复：既不是 XML 也不是 success：/)
    for (const body of [TEXT, 'success', '']) {
      const { code, stderr } = await weixin(directory, ['send', 'text', '--url', await answering(t, body)], keys)
      t.strictSame({ code, stderr }, { code: 0, stderr: '' }, body)
    }
  },
)

t.test('an encrypted answer is opened and checked in the same way', async t => {
  const sealed = (xml: string) =>
    sealEnvelope(xml, {
      token: keys.WEIXIN_TOKEN,
      key: Buffer.from(keys.WEIXIN_AES_KEY, 'base64'),
      appId: keys.WEIXIN_APP_ID,
      timestamp: '1893456000',
      nonce: '7',
      random: randomBytes,
    })
  const sent = async (body: string) =>
    weixin(directory, ['send', 'text', '--mode', 'safe', '--url', await answering(t, body)], keys)
  t.match(await sent(sealed(TEXT).replaceAll('><', '>\n<')), { code: 0, stdout: /\ndecrypted:\n<xml>/, stderr: '' })
  t.match(await sent(sealed(TEXT.replace('hi', ''))), {
    code: 1,
    stdout: /\ndecrypted:\n<xml>/,
    stderr: /^weixin: WeChat would refuse this reply: there is nothing in it\n$/,
  })
  t.match(await sent(sealed(TEXT).replace('<Nonce><![CDATA[7', '<Nonce><![CDATA[8')), {
    code: 1,
    stderr: /^weixin: -40001: /,
  })
})

t.test('a URL where nobody answers is said in one line', async t => {
  const refused = async (url: string) => {
    const { code, stderr } = await weixin(directory, ['send', 'echo', '--url', url], { WEIXIN_TOKEN: 't' })
    t.equal(code, 2)
    return stderr
  }
  const port = await freePort()
  t.equal(
    await refused(`http://127.0.0.1:${port}/`),
    `weixin: cannot reach 127.0.0.1:${port}: nobody listens there; is npm start running?\n`,
  )
  t.equal(await refused('notaurl'), 'weixin: notaurl is not a URL; permitted: http://… or https://…\n')
  t.equal(await refused('ftp://x/'), 'weixin: ftp://x/ is not a URL; permitted: http://… or https://…\n')
})
