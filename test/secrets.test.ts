import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { decodeAesKey } from '../src/crypto/cipher.ts'
import { createPlatform } from '../src/simulator/platform.ts'
import { checkout, lineOf, start, weixin } from './cli/weixin.ts'
import { deployOwned } from './faults/owner.ts'
import { type Deployment, requireApache, startApache, vhostOf, webUser } from './integration/deployment.ts'
import { get, post } from './integration/wire.ts'
import { projectDirectory } from './project.ts'
import { act, listen } from './simulator/phone/phone.ts'
import { startUpstream } from './token/fake-upstream.ts'

const ACCOUNT = {
  token: 'TOKENkapokTree2031',
  appId: 'wx00d1e2f3a4b5c6d7',
  appSecret: 'APPSECRET0123456789abcdef0123456',
  aesKey: 'Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc00',
  userName: 'gh_a0b1c2d3e4f5',
}
const PREVIOUS = { previousToken: 'PREVIOUStoken1987', previousAesKey: 'Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc01' }
const FOLLOWER = 'oSECRETfollower0001-abcdefgh'
const ACCESS_TOKEN = 'ACCESSTOKEN'.padEnd(136, 'x')
const WORDS = 'my private words'
const KEY = decodeAesKey(ACCOUNT.aesKey)

/** What nobody but the two who share it may read. */
const SECRETS: Readonly<Record<string, string>> = {
  ...{ Token: ACCOUNT.token, AppSecret: ACCOUNT.appSecret, EncodingAESKey: ACCOUNT.aesKey, ...PREVIOUS },
  ...{ 'the key in hexadecimal': KEY.toString('hex'), 'the key in base64': KEY.toString('base64') },
  ...{ 'the access token': 'ACCESSTOKENxxx', OpenID: FOLLOWER, contents: WORDS },
  ...{ 'the password of the proxy': 'PROXYpassword', 'the session': 'SESSIONsecret' },
}

/** How somebody might have set the log. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'log debug as text': { logLevel: 'debug', log: 'text' },
  'log debug as JSON': { logLevel: 'debug', log: 'json' },
  'log info': { logLevel: 'info' },
  'log warn': { logLevel: 'warn' },
  'log error': { logLevel: 'error' },
}

const apache = requireApache(t)

for (const [name, setting] of apache && process.platform !== 'win32' ? Object.entries(SETTINGS) : []) {
  t.test(`${name}: no secret in any answer, log, file or report`, async t => {
    const { base } = await startUpstream(t, (response, { url, body }) => {
      if (/token\?|stable_token/.test(url)) {
        response.end(JSON.stringify({ access_token: ACCESS_TOKEN, expires_in: 7200 }))
      } else response.end(JSON.stringify({ errcode: 40003, errmsg: `invalid ${url} ${body} ${ACCOUNT.appSecret}` }))
    })
    const { token, appId, appSecret, aesKey, userName } = ACCOUNT
    const deployment = deployOwned(
      t,
      {
        ...{ token, appId, appSecret, aesKey, ...PREVIOUS, originalId: userName, apiBase: base, journal: 'on' },
        ...{ store: 'file:var', lint: 'on', rules: [{ when: { regex: '(a+)+b' }, reply: '{{Content}}' }], ...setting },
      },
      `app.hears(/^api/, async ctx => { await ctx.client.user.info({ openid: ctx.from }) })
      app.hears(/^session/, ctx => { ctx.session.word = 'SESSIONsecret'; return 'kept <a>' })
      app.hears(/^slow/, async () => { await new Promise(resolve => setTimeout(resolve, 50)); return 'late' })
      app.hears(/^no reply/, () => ({ MsgType: 'nonsense' }))`,
    )
    const { directory } = deployment
    const logOf = await startSilent(t, deployment)
    const running = await startApache(
      t,
      apache as NonNullable<typeof apache>,
      deployment,
      vhostOf('debian-proxy-fcgi.conf', deployment),
    )

    const refusals = await converse(running.url)
    const port = Number(new URL(running.url).port)
    for (const target of [
      '/',
      `/?signature=${token}&timestamp=1&nonce=${FOLLOWER}`,
      `/?echostr=${WORDS}`.replaceAll(' ', '+'),
    ]) {
      refusals.push((await get(port, target)).body.toString(), (await post(port, target, WORDS)).body.toString())
    }
    t.ok(refusals.length >= 12, `${refusals.length} requests were refused`)

    const shown: Record<string, string> = {
      'a refusal': refusals.join('\n'),
      'the log': logOf(),
      "Apache's log": fs.readFileSync(running.errorLog, 'utf8'),
      'the journal': read(path.join(directory, 'var', 'traffic')),
      'names of files': fs.readdirSync(path.join(directory, 'var'), { recursive: true }).join('\n'),
    }
    if (setting['logLevel'] === 'debug' || setting['logLevel'] === 'info') t.match(logOf(), 'follower')
    t.match(shown['the journal'], '"kind":"text"')
    if (name === 'log debug as text') Object.assign(shown, await commands(t, directory, running.url))
    for (const [where, text] of Object.entries(shown)) {
      for (const [what, secret] of Object.entries(SECRETS)) t.notOk(text.includes(secret), `${what} in ${where}`)
    }
  })
}

t.test('weixin phone: no secret on the page, nor in what it is told and can copy', async t => {
  const directory = checkout(t)
  const { token, appId, appSecret, aesKey } = ACCOUNT
  const config = { token, appId, appSecret, aesKey, ...PREVIOUS }
  fs.writeFileSync(path.join(directory, 'weixin.config.json'), JSON.stringify(config), { mode: 0o600 })
  const child = start(directory, ['phone'])
  t.teardown(() => child.kill('SIGKILL'))
  const said: string[] = []
  for (const output of [child.stdout, child.stderr]) output.on('data', text => said.push(String(text)))
  const url = (await lineOf(child, /http:.*\/$/)).trim()
  const { snapshot, until } = await listen(t, url)
  const shown = [JSON.stringify(snapshot)]
  const read = async (path: string) => shown.push(await (await fetch(url + path)).text())
  await read('')
  const openid = /"openid":"([^"]+)"/.exec(shown.join())?.[1]
  for (const mode of ['plain', 'compatible', 'safe']) {
    await act(url, 'mode', { mode })
    await act(url, 'send', { openid, type: 'text', content: mode })
    const { id } = await until('exchange', each => each.state === 'answered' && each.mode === mode)
    await read(`copy/${id}/1/cgi`)
    await read(`fixture/${id}`)
  }
  t.ok(shown.join().includes('REQUEST_METHOD=POST'))
  for (const [what, secret] of Object.entries(SECRETS)) {
    if (what !== 'OpenID' && what !== 'contents') t.notOk([...shown, ...said].join().includes(secret), what)
  }
})

/** A responder that may have been told not to say when it listens; what it says is returned by what is returned. */
async function startSilent(t: Test, { directory, scratch }: Deployment): Promise<() => string> {
  const socket = path.join(scratch, 'weixin.sock')
  const child = spawn(process.execPath, [path.join(directory, 'cgi-bin', 'weixin'), '--listen', socket], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(webUser && { gid: webUser.gid }),
  })
  let log = ''
  child.stderr.on('data', text => {
    log += text
  })
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill()
    await ended
  })
  while (!fs.existsSync(socket) && child.exitCode === null) await new Promise(resolve => setImmediate(resolve))
  return () => log
}

/** Messages in every mode and with every trouble: what the refused ones were told. */
async function converse(url: string): Promise<string[]> {
  const platform = createPlatform({ target: { url }, account: ACCOUNT })
  const refused: string[] = []
  for (const mode of ['plain', 'compatible', 'safe'] as const) {
    platform.mode = mode
    const about = { kind: 'text', openid: FOLLOWER }
    for (const content of ['hello', 'api', 'session', 'slow', 'no reply', `${'a'.repeat(40)}`]) {
      await platform.push({ ...about, values: [`${content} ${WORDS}`] }).done
    }
    for (const trouble of ['wrong-signature', 'replay', 'garbage', 'duplicate'] as const) {
      const { deliveries } = await platform.push({ ...about, values: [WORDS] }, trouble).done
      for (const { response } of deliveries) if (response && response.status !== 200) refused.push(response.body)
    }
  }
  return refused
}

/** What the commands print that look at a running deployment. */
async function commands(t: Test, directory: string, url: string): Promise<Record<string, string>> {
  fs.copyFileSync(path.join(projectDirectory, 'dist', 'cli.js'), path.join(directory, 'dist', 'cli.js'))
  if (webUser) spawnSync('chown', ['-R', `${webUser.uid}:${webUser.gid}`, path.join(directory, 'var')])
  const shown: Record<string, string> = {}
  for (const words of [
    ['token'],
    ['api', 'GET', '/cgi-bin/user/get'],
    ['users'],
    ['quota'],
    ['log', '-n', '1000'],
    ['log', '--json', '-n', '1000'],
    ['report', '--out', path.join(directory, 'report.html')],
    ['report', '--json'],
    ['doctor', '--url', url],
    ['doctor', '--url', url, '--json'],
    ['conformance', '--only', 'access', '--report', path.join(directory, 'conformance.html'), url],
  ]) {
    const { stdout, stderr } = await weixin(directory, words)
    t.ok(stdout + stderr, `weixin ${words[0]} says something`)
    shown[`weixin ${words.join(' ')}`] = stdout + stderr
  }
  for (const name of ['report.html', 'conformance.html']) {
    const file = path.join(directory, name)
    t.ok(fs.existsSync(file), name)
    shown[name] = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
  }
  return shown
}

function read(folder: string): string {
  return fs
    .readdirSync(folder)
    .map(name => fs.readFileSync(path.join(folder, name), 'utf8'))
    .join('\n')
}
