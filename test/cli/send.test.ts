import t from 'tap'
import { parseReply } from '../../src/reply/parse.ts'
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
  t.match(location.stdout, /\nsuccess\n$/)
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
  const { code, stdout } = await weixin(directory, ['send', 'text', '--field', 'CreateTime=now'], { WEIXIN_TOKEN: 't' })
  t.equal(code, 1)
  t.match(stdout, /\n400 {2}text\/plain; charset=utf-8 .*\nbad request\n/)
})
