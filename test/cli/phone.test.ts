import { execFile } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { act, echo, listen } from '../simulator/phone/phone.ts'
import { ACCOUNT, responder } from '../simulator/sample.ts'
import { checkout, lineOf, start, weixin } from './weixin.ts'

async function running(t: Test, directory: string, words: readonly string[], environment: Record<string, string>) {
  const child = start(directory, ['phone', ...words], environment)
  t.teardown(() => child.kill('SIGKILL'))
  const named = 'WEIXIN_APP_ID' in environment ? [] : [/WEIXIN_APP_ID/, /WEIXIN_APP_SECRET/]
  const patterns = [/^ {2}http:/, /WEIXIN_API_BASE/, /WEIXIN_STORE/, ...named]
  const [page = '', ...settings] = await Promise.all(patterns.map(pattern => lineOf(child, pattern)))
  const printed = Object.fromEntries(settings.map(line => line.trim().split('=', 2)))
  return { child, url: page.trim(), printed, api: printed.WEIXIN_API_BASE }
}

t.test('without a URL the script itself answers on the phone, in every mode', async t => {
  const directory = checkout(t)
  fs.writeFileSync(path.join(directory, 'menu.json'), '{ "button": [{ "name": "a", "type": "click", "key": "k" }] }')
  const { child, url, api, printed } = await running(t, directory, [], { WEIXIN_TOKEN: 't' })
  const { snapshot, until } = await listen(t, url)
  const [{ openid } = { openid: '' }] = snapshot.followers
  t.strictSame(snapshot.modes, ['plain', 'compatible', 'safe'])
  t.match(snapshot.menus[openid], [{ name: 'a', type: 'click', key: 'k' }])
  for (const mode of ['plain', 'compatible', 'safe'] as const) {
    await act(url, 'mode', { mode })
    await act(url, 'send', { openid, type: 'text', content: `in ${mode}` })
    const { content } = await until('line', ({ from, content: { type } }) => from === 'account' && type === 'text')
    t.match(content, { content: /^in / })
    const { state } = await until('exchange', each => each.mode === mode && each.state !== 'running')
    t.equal(state, 'answered', mode)
  }
  const copied = await (await fetch(`${url}copy/3/1/cgi`)).text()
  t.match(copied, / WEIXIN_AES_KEY=\S+ .* REQUEST_METHOD=POST .* cgi-bin\/weixin\n$/)
  t.ok(copied.includes(` WEIXIN_API_BASE=${api} `), 'what the command asks of the API the simulated one answers')
  t.ok(copied.includes(` WEIXIN_STORE=${printed['WEIXIN_STORE']} `), 'and the real store is left alone')
  t.match(await (await fetch(`${url}copy/3/1/curl`)).json(), { reason: { en: /there is no URL for curl/ } })
  t.match(await (await fetch(`${api}/cgi-bin/token`)).json(), { errcode: 40002 })
  fs.writeFileSync(path.join(directory, 'new.json'), '{ "button": [{ "name": "b", "type": "click", "key": "k" }] }')
  t.match(await weixin(directory, ['menu', 'push', 'new.json', '--yes'], { WEIXIN_TOKEN: 't', ...printed }), {
    code: 0,
    stderr: '',
  })
  t.match((await until('menus', () => true))[openid], [{ name: 'b' }], 'the menu on the phone is another')
  child.kill('SIGINT')
  t.strictSame(await once(child, 'exit'), [0, null])
  t.notOk(fs.existsSync(path.join(directory, 'var')), 'the real store is left alone')
})

t.test('an account with a path is tried at its path, and so is what was copied', async t => {
  const directory = checkout(t)
  fs.writeFileSync(path.join(directory, 'weixin.config.json'), '{ "token": "t", "path": "/wx" }')
  const { url } = await running(t, directory, [], {})
  const { snapshot, until } = await listen(t, url)
  await act(url, 'send', { openid: snapshot.followers[0]?.openid, type: 'text', content: 'hi' })
  t.match(await until('exchange', ({ state }) => state !== 'running'), { state: 'answered' })
  const copied = await (await fetch(`${url}copy/1/1/cgi`)).text()
  const { stdout } = await promisify(execFile)('sh', ['-c', copied], {
    cwd: directory,
    env: { PATH: process.env['PATH'] },
  })
  t.match(stdout, /^Status: 200[\s\S]*<xml>/)
})

t.test('a responder that is not ours is tried in plain mode, or with the key of the configuration', async t => {
  const directory = checkout(t)
  const { url: target } = await responder(t, echo)
  const { token, appId, aesKey } = ACCOUNT
  const plain = await running(t, directory, [target], { WEIXIN_TOKEN: token })
  t.match((await listen(t, plain.url)).snapshot, { target, modes: ['plain'], mode: 'plain' })
  const all = { WEIXIN_TOKEN: token, WEIXIN_APP_ID: appId, WEIXIN_AES_KEY: aesKey, WEIXIN_MODE: 'safe' }
  const safe = await running(t, directory, [target, '--lang', 'en'], all)
  t.match(safe.url, /\/\?lang=en$/, 'a language that is asked for is that of the page')
  const { snapshot } = await listen(t, safe.url.replace('?lang=en', ''))
  t.match(snapshot, { modes: ['plain', 'compatible', 'safe'], mode: 'safe', account: { appId } })
})

t.test('another machine is refused without --yes, and so is what is no URL, port or menu', async t => {
  const directory = checkout(t)
  const refused = async (words: string[], reason: RegExp) => {
    const { code, stderr } = await weixin(directory, ['phone', ...words], { WEIXIN_TOKEN: 't' })
    t.equal(code, 2)
    t.match(stderr, reason)
  }
  await refused(
    ['https://weixin.example.com/'],
    /^weixin: weixin\.example\.com is not this machine: .*--yes permits it/,
  )
  await refused(['http://127.0.0.1.example.com/'], /is not this machine/)
  await refused(['ftp://127.0.0.1/'], /is not a URL/)
  await refused(['--api-port', '0'], /1 to 65535 is permitted/)
  await refused(['--menu', 'nowhere.json'], /cannot read nowhere\.json/)
  fs.writeFileSync(path.join(directory, 'bad.json'), '{ "button": [] }')
  await refused(['--menu', path.join(directory, 'bad.json')], /WeChat would refuse this menu: 40016/)
})
