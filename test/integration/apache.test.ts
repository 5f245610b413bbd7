import t, { type Test } from 'tap'
import { deploy, requireApache } from './deployment.ts'
import { startWay, ways } from './ways.ts'
import { get, post, signed, type WireResponse } from './wire.ts'

const TOKEN = 'kapokTree2031'

for (const way of requireApache(t) ? ways : []) {
  t.test(way.name, async t => {
    const deployment = deploy(t, { token: TOKEN })
    const port = await startWay(t, way, deployment)

    t.test('the access check gets exactly the echostr, with its length and nothing that WeChat refuses', async t => {
      const answer = await get(port, `/?${signed(TOKEN)}&echostr=5838479218127813673`, 'Accept-Encoding: gzip\r\n')
      checkPlain(t, answer, 200, '5838479218127813673')
    })

    t.test('a message gets its reply, byte for byte', async t => {
      for (const content of [
        '你好',
        ' a & b ',
        '{{x}} {{{y}}}',
        '😀'.repeat(100),
        'x'.repeat(1800),
        '<a href="/">&amp;',
      ]) {
        const before = Math.floor(Date.now() / 1000)
        const answer = await post(port, `/?${signed(TOKEN)}`, message(content))
        const createTime = /<CreateTime>(\d{10})</.exec(answer.body.toString())?.[1] ?? ''
        t.ok(Number(createTime) >= before && Number(createTime) <= before + 10, 'CreateTime is now, in seconds')
        checkAnswer(t, answer, 200, 'text/xml; charset=utf-8', reply(createTime, content))
      }
    })

    t.test('an event without a reply gets the seven bytes success', async t => {
      checkPlain(t, await post(port, `/?${signed(TOKEN)}`, event('VIEW')), 200, 'success')
    })

    t.test('every form of path leads to the responder', async t => {
      for (const form of ['/', '/weixin', '/a/b/', '/a%20b/c', '/a%2Fb', '//x', 'http://localhost/x']) {
        checkPlain(t, await get(port, `${form}?${signed(TOKEN)}&echostr=${form.length}`), 200, String(form.length))
      }
    })

    t.test('what is wrong gets its status and one plain line', async t => {
      checkPlain(t, await get(port, '/'), 403, 'forbidden\n')
      checkPlain(t, await post(port, `/?${signed('anotherToken')}`, message('x')), 403, 'forbidden\n')
      checkPlain(t, await post(port, `/?${signed(TOKEN)}`, '<xml>'), 400, 'bad request\n')
      checkPlain(t, await post(port, `/?${signed(TOKEN)}`, ''), 400, 'bad request\n')
      checkPlain(t, await post(port, `/?${signed(TOKEN)}`, 'x'.repeat(65537)), 413, 'content too large\n')
      t.match((await post(port, `/?${signed(TOKEN)}`, 'x'.repeat(3_000_000))).statusLine, /^HTTP\/1\.1 413 /)
      const refused = await post(port, `/?${signed(TOKEN)}`, message('x'), 'PUT')
      checkPlain(t, refused, 405, 'method not allowed\n')
      t.equal(refused.headers['Allow'], 'GET, POST')
    })

    t.test('Apache itself serves /static, and nothing private is served by anybody', async t => {
      const file = await get(port, '/static/index.txt')
      t.equal(file.statusLine, 'HTTP/1.1 200 OK')
      t.match(file.body.toString(), /^Files in this folder are served by Apache itself/)
      for (const target of privateTargets()) {
        const answer = await get(port, target)
        t.match(answer.statusLine, /^HTTP\/1\.1 40[034] /, `GET ${target} is refused`)
        t.notMatch(
          answer.body.toString(),
          /kapokTree2031|private|import |require\(|weixin-cgi/,
          `GET ${target} shows nothing`,
        )
      }
    })
  })
}

function checkPlain(t: Test, answer: WireResponse, status: number, body: string): void {
  checkAnswer(t, answer, status, 'text/plain; charset=utf-8', body)
  t.equal(answer.headers['X-Content-Type-Options'], 'nosniff')
}

function checkAnswer(t: Test, answer: WireResponse, status: number, type: string, body: string): void {
  t.match(answer.statusLine, new RegExp(`^HTTP/1\\.1 ${status} `))
  t.equal(answer.headers['Content-Type'], type)
  t.equal(answer.headers['Content-Length'], String(Buffer.byteLength(body)))
  t.equal(answer.headers['Transfer-Encoding'], undefined, 'no chunks')
  t.equal(answer.headers['Content-Encoding'], undefined, 'no gzip')
  t.equal(answer.body.toString(), body)
}

function message(content: string): string {
  return (
    '<xml><ToUserName><![CDATA[gh_a0b1c2d3e4f5]]></ToUserName><FromUserName><![CDATA[oFan]]></FromUserName>' +
    `<CreateTime>1893456000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content>` +
    '<MsgId>24876543210987654</MsgId></xml>'
  )
}

function event(name: string): string {
  return (
    '<xml><ToUserName><![CDATA[gh_a0b1c2d3e4f5]]></ToUserName><FromUserName><![CDATA[oFan]]></FromUserName>' +
    `<CreateTime>1893456000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${name}]]></Event>` +
    '<EventKey><![CDATA[https://example.com/]]></EventKey></xml>'
  )
}

function reply(createTime: string, content: string): string {
  return (
    '<xml><ToUserName><![CDATA[oFan]]></ToUserName><FromUserName><![CDATA[gh_a0b1c2d3e4f5]]></FromUserName>' +
    `<CreateTime>${createTime}</CreateTime><MsgType><![CDATA[text]]></MsgType>` +
    `<Content><![CDATA[${content}]]></Content></xml>`
  )
}

/** Each private file by its name, out of the one public folder, and with the dots encoded. */
function privateTargets(): string[] {
  const files = ['weixin.config.json', 'var/private.txt', 'dist/responder.cjs', 'src/app.ts', 'package.json'].concat([
    'cgi-bin/weixin',
    'cgi-bin/package.json',
    'apache/weixin.service',
  ])
  return files.flatMap(file => [
    `/${file}`,
    `/static/../${file}`,
    `/static/../../${file}`,
    `/static/%2e%2e/%2e%2e/${file}`,
    `/static/..%2f..%2f${file}`,
    `/static//../..//${file}`,
  ])
}
