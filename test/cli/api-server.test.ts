import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import { checkout, lineOf, start, weixin } from './weixin.ts'

const directory = checkout(t)
const MADE_UP = { appid: 'wx5151515151515151', secret: '51515151515151515151515151515151' }

/** Starts it; `settings` are the lines NAME=VALUE that it has printed. */
async function serve(t: Test, words: readonly string[] = [], environment: Record<string, string> = {}) {
  const running = start(directory, ['api-server', ...words], environment)
  t.teardown(() => running.kill('SIGKILL'))
  const settings: Record<string, string> = {}
  for await (const line of createInterface({ input: running.stdout })) {
    const [, name, value = ''] = /^ {2}(WEIXIN_\w+)=(.*)$/.exec(line) ?? []
    if (name) settings[name] = value
    if (name === 'WEIXIN_STORE') break
  }
  const token = async (client: object = MADE_UP) => {
    const query = new URLSearchParams({ grant_type: 'client_credential', ...client })
    return (await fetch(`${settings['WEIXIN_API_BASE']}/cgi-bin/token?${query}`)).json()
  }
  return { running, settings, token }
}

t.test('it prints what to set, lists calls as they come, and ends on Ctrl-C', async t => {
  const { running, settings } = await serve(t)
  t.match(settings, {
    WEIXIN_API_BASE: /^http:\/\/127\.0\.0\.1:\d+$/,
    WEIXIN_APP_ID: MADE_UP.appid,
    WEIXIN_APP_SECRET: MADE_UP.secret,
    WEIXIN_STORE: /^file:.+weixin-api-\d+$/,
  })
  const environment = { ...settings, WEIXIN_STORE: 'memory:', WEIXIN_TOKEN: 't' }
  const listed = lineOf(running, / \/cgi-bin\/user\/get/)
  t.match(await weixin(directory, ['users', '--ids'], environment), {
    code: 0,
    stdout: 'oSampleFollower_0000000000001\n',
  })
  t.match(await listed, /^\d\d:\d\d:\d\d {2}0 {2}GET \/cgi-bin\/user\/get\?access_token=\*\*\* {2}\d+ ms$/)
  running.kill('SIGINT')
  t.strictSame(await once(running, 'exit'), [0, null])
})

t.test('a customer message is shown, also to somebody it has never heard of', async t => {
  const { running, settings } = await serve(t)
  const heard = lineOf(running, /→/)
  const body = JSON.stringify({ touser: 'oStranger', msgtype: 'text', text: { content: '你好' } })
  const environment = { ...settings, WEIXIN_STORE: 'memory:', WEIXIN_TOKEN: 't' }
  const sent = await weixin(directory, ['api', 'POST', '/cgi-bin/message/custom/send', body], environment)
  t.equal(sent.code, 0)
  t.equal(await heard, '          → oStranger  {"type":"text","content":"你好"}')
})

t.test('the account is that of the options, or of the configuration, whose secret is not shown', async t => {
  const own = await serve(t, ['--app-id', 'wxOwn', '--secret', 'own-secret'])
  t.match(own.settings, { WEIXIN_APP_ID: 'wxOwn' })
  t.notOk('WEIXIN_APP_SECRET' in own.settings)
  t.match(await own.token({ appid: 'wxOwn', secret: 'own-secret' }), { expires_in: 7200 })
  t.match(await own.token(), { errcode: 40013 })

  const configured = await serve(t, [], { WEIXIN_APP_ID: 'wxConfigured', WEIXIN_APP_SECRET: 'configured-secret' })
  t.strictSame(Object.keys(configured.settings), ['WEIXIN_API_BASE', 'WEIXIN_STORE'])
  t.match(await configured.token({ appid: 'wxConfigured', secret: 'configured-secret' }), { expires_in: 7200 })
})

t.test('it begins with a menu, and makes the errors that are wanted', async t => {
  fs.writeFileSync(path.join(directory, 'menu.json'), '{"button":[{"name":"a","type":"click","key":"K"}]}')
  const { settings, token } = await serve(t, ['--menu', 'menu.json', '--trouble', '45009:/cgi-bin/token:1'])
  t.match(await token(), { errcode: 45009 })
  t.match(await token(), { expires_in: 7200 })
  const environment = { ...settings, WEIXIN_STORE: 'memory:', WEIXIN_TOKEN: 't' }
  t.match((await weixin(directory, ['menu', 'pull'], environment)).stdout, /"key": "K"/)
  const busy = await serve(t, ['--trouble', '-1'])
  t.match(await busy.token(), { errcode: -1 })
})

t.test('mistakes in the command are told in both languages', async t => {
  const refused = async (words: string[], en: RegExp, zh: RegExp) => {
    t.match(await weixin(directory, ['api-server', ...words]), { code: 2, stderr: en })
    t.match(await weixin(directory, ['api-server', ...words, '--lang', 'zh']), { code: 2, stderr: zh })
  }
  await refused(['--port', '99999'], /^weixin: --port 99999: 1 to 65535/, /应为 1 到 65535/)
  await refused(['--trouble', 'rain'], /^weixin: --trouble rain: CODE\[:PATH\[:TIMES\]\]/, /应为 错误码/)
  fs.writeFileSync(path.join(directory, 'bad.json'), '{"button":[]}')
  await refused(['--menu', 'bad.json'], /WeChat would refuse this menu: 40016/, /微信会拒绝这个菜单：40016/)
  await refused(['--menu', 'missing.json'], /cannot read missing\.json: ENOENT/, /无法读取/)
})
