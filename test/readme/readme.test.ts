import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import t from 'tap'
import { resolveConfig } from '../../src/config/resolve.ts'
import { settings } from '../../src/config/settings.ts'
import { createDispatch } from '../../src/dispatch/dispatch.ts'
import { checks } from '../../src/doctor/checks/index.ts'
import { createLogger } from '../../src/log.ts'
import { parseMessage } from '../../src/message/parse.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { parseRules } from '../../src/rules/parse.ts'
import { checks as conformanceChecks } from '../../src/simulator/conformance/checks/index.ts'
import { composeMessage } from '../../src/simulator/message.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { parseXml } from '../../src/xml/parse.ts'
import { fakeAccount } from '../cli/fake-account.ts'
import { checkout, weixin } from '../cli/weixin.ts'
import { freePort } from '../integration/deployment.ts'
import { projectDirectory } from '../project.ts'
import { app as shop } from './dialogue.ts'
import { app } from './handlers.ts'
import { app as bot } from './slow-answers.ts'

const read = (file: string) => fs.readFileSync(path.join(projectDirectory, file), 'utf8')
const readmes = { 'README.md': read('README.md'), 'README.zh-CN.md': read('README.zh-CN.md') }

for (const [name, readme] of Object.entries(readmes)) {
  const blocks = [...readme.matchAll(/```(\w*)\n([\s\S]*?)```/g)].map(([, language, code = '']) => ({ language, code }))

  t.test(`${name}: the handlers are the ones tested here`, async t => {
    const [shown] = blocks.filter(({ language }) => language === 'ts')
    t.equal(shown?.code, read('test/readme/handlers.ts').replace('../../src/index.ts', './index.ts'))
    t.ok((shown?.code.split('\n').length ?? 99) < 15, 'in under 15 lines')
  })

  t.test(`${name}: the dialogue and the bot for slow answers are the ones tested here`, async t => {
    for (const file of ['test/readme/dialogue.ts', 'test/readme/slow-answers.ts']) {
      const tested = read(file).replace('../../src/index.ts', './index.ts')
      t.ok(
        blocks.some(({ code }) => code === tested),
        file,
      )
      t.ok(file.includes('slow') || tested.split('\n').length <= 15, 'in under 15 lines')
    }
  })

  t.test(`${name}: the web pages sign a page and log a visitor in`, async t => {
    const directory = checkout(t)
    fs.cpSync(path.join(projectDirectory, 'dist', 'index.js'), path.join(directory, 'dist', 'index.js'))
    const { code = '' } = blocks.find(({ language }) => language === 'js') ?? {}
    fs.writeFileSync(path.join(directory, 'pages.js'), code)
    const { environment, received } = await fakeAccount(t, directory, {
      'GET /cgi-bin/ticket/getticket': '{"ticket":"TICKET-example_0123456789-abcDEF","expires_in":7200}',
      'GET /sns/oauth2/access_token': '{"access_token":"OF-VISITOR","openid":"o1"}',
      'GET /sns/userinfo': '{"openid":"o1","nickname":"木棉"}',
    })
    const port = await freePort()
    const child = spawn(process.execPath, ['pages.js'], {
      cwd: directory,
      env: { ...environment, WEIXIN_STORE: 'memory:', PORT: String(port) },
      stdio: 'inherit',
    })
    t.teardown(() => child.kill())
    const get = (target: string, cookie = '') => getWhenListening(`http://127.0.0.1:${port}${target}`, cookie)
    const signed = JSON.parse((await get('/pages/sign?url=https%3A%2F%2Ffans.example.org%2F')).body)
    t.match(signed, { appId: 'wx00d1e2f3a4b5c6d7', nonceStr: /./, signature: /^[0-9a-f]{40}$/ })
    const { status, headers } = await get('/pages/login')
    const [, state = ''] = /[?&]state=(\w+)#wechat_redirect$/.exec(headers.location ?? '') ?? []
    t.equal(status, 302)
    t.match(headers['set-cookie'], [`state=${state}; HttpOnly`])
    t.match(await get(`/pages/back?code=C&state=${state}`, 'state=another'), { status: 403 })
    t.match(await get(`/pages/back?code=C&state=${state}`, `a=b; state=${state}`), { status: 200, body: 'Hello 木棉' })
    t.match(await get('/pages/sign?url=x'), { status: 502 })
    t.strictSame(
      received.map(({ path: called }) => called),
      ['/cgi-bin/stable_token', '/cgi-bin/ticket/getticket', '/sns/oauth2/access_token', '/sns/userinfo'],
    )
  })

  t.test(`${name}: the rules are accepted`, async t => {
    const shown = blocks.filter(({ language, code }) => language === 'json' && code.includes('"rules"'))
    t.equal(shown.length, 1)
    for (const { code } of shown) t.equal(parseRules(JSON.parse(code).rules).length, 8)
  })

  t.test(`${name}: there are as many checks as it says`, async t => {
    const counts = [...readme.matchAll(/(\d+) (?:checks|项检查)/g)].map(([, count]) => Number(count))
    t.strictSame(counts, [checks.length, conformanceChecks.length])
  })

  t.test(`${name}: every weixin command works as shown`, async t => {
    const directory = checkout(t)
    const commands = [...readme.matchAll(/^npx weixin (.*)$/gm)].map(match => match[1] ?? '')
    t.ok(commands.length >= 6)
    for (const command of commands) {
      const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
      const { code, stdout } = await weixin(directory, words, { WEIXIN_TOKEN: 't' })
      t.equal(code, 0, command)
      t.match(stdout, /\n200 {2}/, command)
    }
  })

  t.test(`${name}: the piped environment works as shown`, async t => {
    const script = blocks.find(({ code }) => code.includes('message.xml'))?.code ?? ''
    const output = execFileSync('bash', ['-ec', script], { cwd: checkout(t), encoding: 'utf8' })
    t.match(output, /^Status: 200 OK\r\nContent-Type: text\/xml; charset=utf-8\r\nContent-Length: 214\r\n\r\n<xml>/)
    t.match(output, '<Content><![CDATA[hello]]></Content>')
  })

  const rowOf = (key: string, environment: string) =>
    readme.match(new RegExp(`^\\| \`${key}\` \\| \`${environment}\` \\| .*$`, 'm'))?.[0] ?? ''

  t.test(`${name}: every default is the program's`, async t => {
    const { token, accounts, ...defaults } = resolveConfig({ token: 't' }, {})
    for (const [key, value] of Object.entries(defaults)) {
      const row = rowOf(key, settings[key as keyof typeof defaults].environment).replaceAll('`', '')
      const forms = ['V by default', 'V (default)', '(default V)', 'Default: V', '默认 V', 'V（默认）']
      t.ok(
        forms.some(form => row.includes(form.replace('V', String(value)))),
        `${key} is ${value}`,
      )
    }
  })

  t.test(`${name}: every setting and every shipped configuration is in it`, async t => {
    for (const [key, { environment }] of Object.entries(settings)) t.ok(rowOf(key, environment), key)
    for (const file of fs.readdirSync(path.join(projectDirectory, 'apache'))) {
      if (file !== 'static') t.match(readme, file)
    }
  })
}

/** Asks until somebody listens. */
async function getWhenListening(url: string, cookie: string) {
  for (;;) {
    try {
      const [response] = await once(http.get(url, { headers: { cookie } }), 'response')
      let body = ''
      for await (const chunk of response.setEncoding('utf8')) body += chunk
      return { status: response.statusCode, headers: response.headers as http.IncomingHttpHeaders, body }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error
    }
  }
}

const log = createLogger(line => t.fail(line))

function message(kind: string, values: readonly string[]): IncomingMessage {
  const [toUserName, fromUserName] = ['gh_a0b1c2d3e4f5', 'oFan']
  const xml = composeMessage({ kind, values, toUserName, fromUserName, createTime: 1893456000, msgId: '1' })
  return parseMessage(parseXml(Buffer.from(xml)))
}

t.test("README's handlers answer as README says", async t => {
  const dispatch = createDispatch(app, { log, limit: 4500, lint: true })
  const answerTo = (kind: string, ...values: string[]) => dispatch(message(kind, values))
  t.match(await answerTo('event:subscribe', 'qrscene_booth-17'), { Content: /“booth-17”/ })
  t.match(await answerTo('event:CLICK', 'menu-key'), { MsgType: 'text', Content: 'You pressed menu-key' })
  t.match(await answerTo('text', 'weather Xiamen'), { Content: 'No forecast for Xiamen yet.' })
  t.match(await answerTo('text', ' BYE '), { MsgType: 'none' })
  t.match(await answerTo('location', '24.479834', '118.089425'), { Content: '24.479834, 118.089425' })
  t.match(await answerTo('image', 'http://p/', 'm1'), { MsgType: 'image', MediaId: 'm1' })
  t.match(await answerTo('voice'), { Content: 'Try “weather Xiamen”.' })
  t.match(await answerTo('event:VIEW'), { MsgType: 'none' })
})

t.test("README's dialogue takes an order", async t => {
  const lines: string[] = []
  const dispatch = createDispatch(shop, {
    log: createLogger(line => lines.push(line)),
    surroundings: {
      account: { name: 'default' },
      store: createMemoryStore(Date.now),
      now: Date.now,
      random: Math.random,
    },
    limit: 4500,
    lint: true,
  })
  let messages = 0
  const say = async (content: string) => {
    const reply = await dispatch({ ...message('text', [content]), MsgId: String(messages++) } as IncomingMessage)
    return reply.MsgType === 'text' ? reply.Content : reply.MsgType
  }
  t.match(await say('order'), /^Which size\?/)
  t.match(await say('2'), /^How many\?/)
  t.match(await say('many'), /^A number, please\./)
  t.equal(await say('7'), '7 × M. That was order 1 of yours.')
  t.match(lines, [/^weixin info: order size=M count=7$/])
})

t.test("README's bot puts the pieces of a streamed answer together", async t => {
  const asked: string[] = []
  const server = http.createServer((request, response) => {
    request.on('data', chunk => asked.push(`${request.url} ${request.headers.authorization} ${chunk}`))
    const pieces = [{ content: '木棉' }, { content: '开了' }, {}]
    for (const delta of pieces) response.write(`data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`)
    response.end('data: [DONE]\n\n')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  Object.assign(process.env, { LLM_URL: `http://127.0.0.1:${port}/v1`, LLM_KEY: 'key', LLM_MODEL: 'model' })
  const dispatch = createDispatch(bot, { log, limit: 4500, lint: true })
  t.match(await dispatch(message('text', ['花开了吗'])), { MsgType: 'text', Content: '木棉开了' })
  t.strictSame(asked, [
    '/v1/chat/completions Bearer key {"model":"model","stream":true,"messages":[{"role":"user","content":"花开了吗"}]}',
  ])
})
