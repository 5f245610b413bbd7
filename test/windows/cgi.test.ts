import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { parseReply } from '../../src/reply/parse.ts'
import { signed } from '../integration/wire.ts'
import { projectDirectory } from '../project.ts'
import { askScript, wampCheckout, wampEnvironment } from './wamp.ts'

const TOKEN = 'kapokTree2031'
const BOM = '\uFEFF'
/** What is said about a request that was answered. */
const ONE_LINE = /^weixin info: answered [^\r\n]*\n$/

function write(directory: string, name: string, text: string): void {
  fs.writeFileSync(path.join(directory, name), text)
}

function configured(t: Test, text = JSON.stringify({ token: TOKEN })): { directory: string; script: string } {
  const directory = wampCheckout(t)
  write(directory, 'weixin.config.json', text)
  return { directory, script: path.join(directory, 'cgi-bin', 'weixin') }
}

const check = () => ({ REQUEST_METHOD: 'GET', QUERY_STRING: `${signed(TOKEN)}&echostr=5838479218127813673` })

function text(content: string): string {
  return (
    '<xml><ToUserName><![CDATA[gh_a]]></ToUserName><FromUserName><![CDATA[oFan]]></FromUserName>' +
    `<CreateTime>1893456000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content>` +
    `<MsgId>${Math.floor(Math.random() * 2 ** 48)}</MsgId></xml>`
  )
}

function post(body: string) {
  return {
    REQUEST_METHOD: 'POST',
    QUERY_STRING: signed(TOKEN),
    CONTENT_TYPE: 'text/xml',
    CONTENT_LENGTH: String(Buffer.byteLength(body)),
  }
}

const bodyOf = (document: Buffer) => document.subarray(document.indexOf('\r\n\r\n') + 4).toString()

t.test('these tests run under node.exe, in a folder with a blank and Chinese characters', async t => {
  t.equal(process.platform, 'win32')
  t.match(projectDirectory, /^[A-Z]:\\.*\\wamp www\\微信\\$/)
})

t.test('the access check is answered byte for byte through pipes', async t => {
  const { script } = configured(t)
  const { code, stdout, stderr } = await askScript(script, { environment: check() })
  t.equal(
    stdout.toString(),
    'Status: 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 19\r\n\r\n5838479218127813673',
  )
  t.equal(code, 0)
  t.match(stderr, ONE_LINE)
})

t.test('a message whose bytes come in pieces is answered, and its line ends are left alone', async t => {
  const { script } = configured(t)
  const message = Buffer.from(text('一行\n两行\n三行'))
  const pieces = [message.subarray(0, 5), message.subarray(5, 200), message.subarray(200)]
  const { code, stdout, stderr } = await askScript(script, { environment: post(message.toString()), body: pieces })
  t.equal(code, 0)
  t.match(stderr, ONE_LINE)
  const body = bodyOf(stdout)
  t.match(parseReply(body), { Content: '一行\n两行\n三行', ToUserName: 'oFan' })
  t.ok(stdout.includes(`Content-Length: ${Buffer.byteLength(body)}\r\n`), 'no line end was made two bytes')
})

t.test('a query that mod_cgi passes as arguments means nothing', async t => {
  const { script } = configured(t)
  const environment = { REQUEST_METHOD: 'GET', QUERY_STRING: '--listen+127.0.0.1:9' }
  const { stdout } = await askScript(script, { environment, argv: ['--listen', '127.0.0.1:9'] })
  t.match(stdout.toString(), /^Status: 403 /)
})

t.test('the configuration is found wherever Apache starts the script', async t => {
  const { script } = configured(t)
  for (const cwd of ['C:\\', path.dirname(script)]) {
    t.match((await askScript(script, { environment: check(), cwd })).stdout.toString(), /^Status: 200 /)
  }
})

t.test('WEIXIN_CONFIG takes backslashes and slashes, and either case of the variables counts', async t => {
  const { directory, script } = configured(t, '{ "token": "another" }')
  write(directory, 'second 配置.json', JSON.stringify({ token: TOKEN }))
  const file = path.join(directory, 'second 配置.json')
  for (const variables of [
    { WEIXIN_CONFIG: file },
    { WEIXIN_CONFIG: file.replaceAll('\\', '/') },
    { weixin_config: file },
    { Weixin_Token: TOKEN },
  ]) {
    const { stdout } = await askScript(script, { environment: { ...check(), ...variables } })
    t.match(stdout.toString(), /^Status: 200 /, JSON.stringify(variables))
  }
  // Windows takes two spellings for one variable: then there is one.
  const twice = wampEnvironment(script, { ...check(), weixin_token: 'another', WEIXIN_TOKEN: TOKEN })
  const { stdout } = spawnSync(process.execPath, [script], { env: twice, encoding: 'utf8' })
  t.match(stdout, /^Status: 200 /)
})

t.test('Notepad’s byte order mark and line ends are no mistake', async t => {
  const rules = [{ when: 'message', reply: '第一行\n第二行' }]
  const { directory, script } = configured(t, `${BOM}{\r\n  "token": "${TOKEN}",\r\n  "rules": "rules.json"\r\n}\r\n`)
  write(directory, 'rules.json', BOM + JSON.stringify(rules, null, 2).replaceAll('\n', '\r\n'))
  const message = text('没有人懂的话')
  const { stdout, stderr } = await askScript(script, { environment: post(message), body: [message] })
  t.match(stderr, /^weixin info: answered [^\n]*\n$/)
  t.match(stdout.toString(), /^Status: 200 /)
})

t.test('a mistake in a file with such line ends is named by its line', async t => {
  const { directory, script } = configured(t, `${BOM}{\r\n  "token": "${TOKEN}",\r\n  "tokn": "x"\r\n}\r\n`)
  const { stdout, stderr } = await askScript(script, { environment: check() })
  t.match(stdout.toString(), /^Status: 500 /)
  t.ok(stderr.startsWith(`weixin error: ${path.join(directory, 'weixin.config.json')}:3: unknown key "tokn"`), stderr)
  t.equal(stderr.split('\n').length, 2, 'one line')
})

t.test('the first line that names node.exe, and line ends of Windows, do the script no harm', async t => {
  const { script } = configured(t)
  const [, ...lines] = fs.readFileSync(script, 'utf8').split('\n')
  fs.writeFileSync(script, ['#!"C:/Program Files/nodejs/node.exe"', ...lines].join('\r\n'))
  const { code, stdout } = await askScript(script, { environment: check() })
  t.equal(code, 0)
  t.match(stdout.toString(), /^Status: 200 /)
})

t.test('the quick test by hand, with a file as standard input', async t => {
  const { directory, script } = configured(t)
  const message = text('你好')
  write(directory, 'message.xml', message)
  const stdin = fs.openSync(path.join(directory, 'message.xml'), 'r')
  const { REQUEST_METHOD, QUERY_STRING, CONTENT_LENGTH } = post(message)
  const { SystemRoot = '' } = process.env
  const { status, stdout } = spawnSync(process.execPath, [script], {
    env: { SystemRoot, REQUEST_METHOD, QUERY_STRING, CONTENT_LENGTH, WEIXIN_TOKEN: TOKEN },
    stdio: [stdin, 'pipe', 'pipe'],
  })
  fs.closeSync(stdin)
  t.equal(status, 0)
  t.match(parseReply(bodyOf(stdout)), { Content: '你好' })
})

t.test('state is kept in the folder of the project', async t => {
  const { directory, script } = configured(t)
  const message = text('roll 999')
  const deliver = () => askScript(script, { environment: post(message), body: [message] })
  const [first, second, third] = await Promise.all([deliver(), deliver(), deliver()])
  const words = [first, second, third].map(({ stdout }) => JSON.stringify(parseReply(bodyOf(stdout))))
  t.equal(new Set(words.map(each => each.replace(/"CreateTime":"\d+"/, ''))).size, 1, 'deliveries of one message')
  t.ok(fs.existsSync(path.join(directory, 'var')))
})
