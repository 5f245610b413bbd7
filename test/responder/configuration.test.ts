import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { scratch } from '../gateway/launch.ts'
import { SIGNED } from '../webhook/receiver.ts'
import { configured, runScript, SCRIPT } from './script.ts'

const GET = { REQUEST_METHOD: 'GET', QUERY_STRING: `${SIGNED}&echostr=1` }
const FAILED = { exit: 2, status: 500, body: 'internal error\n' }

t.test('a configuration that is wrong is a 500 for the web server and one line for its admin', async t => {
  const mistakes = [
    [{}, /"token" is missing; permitted: /],
    [{ token: '' }, /:1: "token" is empty; permitted: /],
    [{ token: 't', tokn: 'x' }, /unknown key "tokn"; permitted: token, /],
    [{ token: 't', mode: 'secure' }, /"mode" has a value that is not permitted; permitted: plain, compatible or safe$/],
    [{ token: 't', mode: 'safe' }, /"mode" safe needs "aesKey" and "appId" as well/],
    [{ token: 't', aesKey: 'short' }, /"aesKey" has a value .* 43 characters/],
  ] as const
  for (const [settings, line] of mistakes) {
    const run = runScript({ ...configured(t, settings), ...GET })
    t.match(run, { ...FAILED, log: [line] })
    t.equal(run.log.length, 1)
    t.match(run.log[0], /^weixin error: /)
  }
})

t.test('a configuration file that is missing is named', async t => {
  const file = path.join(scratch(t), 'nowhere.json')
  const run = runScript({ WEIXIN_CONFIG: file, ...GET })
  t.match(run, FAILED)
  t.strictSame(run.log, [
    `weixin error: cannot read ${file}: ENOENT; permitted: a JSON file that the server's user may read`,
  ])
})

t.test('the environment overrides the file, and an empty variable is a mistake', async t => {
  const config = configured(t, { token: 'birch', replayWindow: 0 })
  t.match(runScript({ ...config, ...GET }), { exit: 0, status: 403, log: [/ reason=-40001$/] })
  t.match(runScript({ ...config, WEIXIN_TOKEN: 'kapokTree2031', ...GET }), { exit: 0, status: 200, body: '1', log: [] })
  const empty = runScript({ ...config, WEIXIN_TOKEN: '', ...GET })
  t.match(empty, { ...FAILED, log: [/^weixin error: .*WEIXIN_TOKEN is empty; permitted: /] })
})

t.test('nothing that a client sends is configuration', async t => {
  const config = configured(t, { token: 'birch', replayWindow: 0 })
  const query = `${SIGNED}&echostr=1&WEIXIN_TOKEN=kapokTree2031&token=kapokTree2031`
  const headers = { HTTP_WEIXIN_TOKEN: 'kapokTree2031', HTTP_X_TOKEN: 'kapokTree2031' }
  t.match(runScript({ ...config, ...headers, REQUEST_METHOD: 'GET', QUERY_STRING: query }), { status: 403 })
})

t.test('started by nobody it says how it is started, and fails', async t => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], {
    env: { ...configured(t, { token: 'birch' }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  })
  t.equal(status, 2)
  t.equal(stdout, '')
  t.match(stderr, /^This program is started by a web server/)
})

t.test('a service says what is wrong in one line and ends with 2 before it listens', async t => {
  const listening = (environment: Readonly<Record<string, string>>) => {
    const socket = `${t.testdirName}.sock`
    const address = process.platform === 'win32' ? '127.0.0.1:0' : socket
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT, '--listen', address], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 20000,
    })
    t.equal(status, 2)
    t.notOk(fs.existsSync(socket))
    return stderr
  }
  const { WEIXIN_CONFIG } = configured(t, { token: 'birch', tokn: 'x' })
  t.match(listening({ WEIXIN_CONFIG }), /^weixin error: .*:\d+: unknown key "tokn"; permitted: token, .*\n$/)
  t.match(listening({ WEIXIN_TOKEN: '' }), /^weixin error: WEIXIN_TOKEN is empty; permitted: .*\n$/)
  t.match(
    listening({ WEIXIN_CONFIG: '/nonexistent' }),
    /^weixin error: cannot read \S*nonexistent: ENOENT; permitted: a JSON file that .*\n$/,
  )
  t.match(
    listening({ WEIXIN_TOKEN: 't', WEIXIN_FASTCGI: 'node_fastcgi' }),
    /^WEIXIN_FASTCGI is "node_fastcgi"; permitted: records, node-fastcgi\n$/,
  )
})
