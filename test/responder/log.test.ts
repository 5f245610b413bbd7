import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { APP_ID, ENCODING_AES_KEY, MESSAGE } from '../crypto/vectors.ts'
import { scratch } from '../gateway/launch.ts'
import { FOLLOWER, SIGNED, sealedPost, textXml } from '../webhook/receiver.ts'
import { configured, post, runScript } from './script.ts'

const SETTINGS = { token: 'kapokTree2031', replayWindow: 0 }
const SECRET = 'f00dfeedf00dfeedf00dfeedf00dfeed'
const ALL = { ...SETTINGS, mode: 'compatible', appId: APP_ID, aesKey: ENCODING_AES_KEY, appSecret: SECRET }

/** What the journal of a store holds. */
function journalOf(store: string): string {
  const folder = path.join(store, 'traffic')
  return fs
    .readdirSync(folder)
    .map(name => fs.readFileSync(path.join(folder, name), 'utf8'))
    .join('')
}

t.test('an answer is one line on standard error, to which Apache adds the time', async t => {
  const run = runScript({ ...configured(t, SETTINGS), ...post(SIGNED, MESSAGE.xml) }, MESSAGE.xml)
  t.match(run.answered, [
    /^weixin info: answered account=default kind=text follower=[\da-f]{8} delivery=1 answer=text ms=[\d.]+$/,
  ])
  t.equal(run.answered.length, 1)
})

t.test('as JSON each line is one object with its time', async t => {
  const config = configured(t, { ...SETTINGS, log: 'json' })
  const { log } = runScript({ ...config, ...post(SIGNED, MESSAGE.xml) }, MESSAGE.xml)
  t.equal(log.length, 1)
  t.match(JSON.parse(log[0] ?? ''), {
    time: /^20\d\d-\d\d-\d\dT[\d:.]+Z$/,
    level: 'info',
    message: 'answered',
    account: 'default',
    kind: 'text',
    answer: 'text',
    delivery: 1,
  })
  const refused = runScript({ ...config, REQUEST_METHOD: 'GET', QUERY_STRING: SIGNED })
  t.match(JSON.parse(refused.log[0] ?? ''), { level: 'warn', account: 'default', status: 403, reason: 'echostr' })
  const broken = runScript({ ...configured(t, { token: '' }), WEIXIN_LOG: 'json', REQUEST_METHOD: 'GET' })
  t.match(JSON.parse(broken.log[0] ?? ''), { level: 'error', message: /"token" is empty/ })
})

t.test('a level leaves out what is below it', async t => {
  const lines = (logLevel: string, query: string) => {
    const { log, answered } = runScript(
      { ...configured(t, { ...SETTINGS, logLevel }), ...post(query, MESSAGE.xml) },
      MESSAGE.xml,
    )
    return [answered.length, log.length]
  }
  t.strictSame(lines('info', SIGNED), [1, 0])
  t.strictSame(lines('warn', SIGNED), [0, 0])
  t.strictSame(lines('warn', ''), [0, 1])
  t.strictSame(lines('off', ''), [0, 0])
})

t.test('a log in a file has the time in front of each line', async t => {
  const { spawnSync } = await import('node:child_process')
  const { SCRIPT } = await import('./script.ts')
  const file = path.join(scratch(t), 'error.log')
  const fd = fs.openSync(file, 'w')
  const env = { WEIXIN_STORE: 'memory:', ...configured(t, SETTINGS), ...post(SIGNED, MESSAGE.xml) }
  spawnSync(process.execPath, [SCRIPT], { env, input: MESSAGE.xml, stdio: ['pipe', 'pipe', fd] })
  fs.closeSync(fd)
  t.match(fs.readFileSync(file, 'utf8'), /^20\d\d-\d\d-\d\dT[\d:.]+Z weixin info: answered account=default /)
})

t.test('the journal is kept beside the store when it is switched on, and only then', async t => {
  const store = path.join(scratch(t), 'state')
  const environment = { WEIXIN_STORE: `file:${store}`, ...post(SIGNED, MESSAGE.xml) }
  runScript({ ...environment, ...configured(t, SETTINGS) }, MESSAGE.xml)
  t.notOk(fs.existsSync(path.join(store, 'traffic')))
  const config = configured(t, { ...SETTINGS, journal: true, logLevel: 'off' })
  t.strictSame(runScript({ ...environment, ...config }, MESSAGE.xml).answered, [])
  runScript({ ...environment, ...config, QUERY_STRING: '' }, MESSAGE.xml)
  const entries = journalOf(store)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  t.match(entries, [
    { level: 'info', message: 'answered', kind: 'text', answer: 'text', delivery: 2 },
    { level: 'warn', status: 403, reason: 'query' },
  ])
})

t.test('a journal that cannot be written is told, and the message is answered', async t => {
  const store = scratch(t)
  fs.writeFileSync(path.join(store, 'traffic'), '')
  const config = configured(t, { ...SETTINGS, journal: true })
  const run = runScript({ ...config, WEIXIN_STORE: `file:${store}`, ...post(SIGNED, MESSAGE.xml) }, MESSAGE.xml)
  t.match(run, { status: 200, log: [/^weixin warn: the journal cannot be written \(\w+\); see to /] })
})

t.test('no level and no format tells a secret, a follower or what he writes', async t => {
  const store = path.join(scratch(t), 'state')
  const secrets = ['kapokTree2031', ENCODING_AES_KEY, SECRET, FOLLOWER, 'my words', 'signature=3', '37042fb7a52e']
  let told = ''
  for (const log of ['text', 'json']) {
    const settings = { ...ALL, log, logLevel: 'debug', journal: true, store: `file:${store}` }
    const config = configured(t, settings)
    const sealed = sealedPost(textXml(`my words ${log}`))
    for (const [query, body] of [
      [sealed.query, sealed.body],
      [SIGNED, textXml(`my words, plainly, ${log}`)],
      [SIGNED.replace('37042', '00000'), textXml('my words')],
      [SIGNED, '<xml><!DOCTYPE my words>'],
      [`${SIGNED}&nonce=my words`, ''],
    ] as const) {
      const { WEIXIN_STORE: _, ...env } = { WEIXIN_STORE: '', ...config, ...post(query ?? '', body ?? '') }
      const run = runScript({ ...env, WEIXIN_STORE: `file:${store}` }, body)
      told += [...run.log, ...run.answered].join('\n')
    }
  }
  told += journalOf(store)
  t.equal(told.match(/"message":/g)?.length, 5 + 10)
  for (const secret of secrets) t.notOk(told.includes(secret), secret)
})

t.test('contents are in the log and in the journal when they are asked for', async t => {
  const store = path.join(scratch(t), 'state')
  const config = configured(t, { ...SETTINGS, journal: true, logContents: true })
  const xml = textXml('天气 厦门')
  const { answered } = runScript({ ...config, WEIXIN_STORE: `file:${store}`, ...post(SIGNED, xml) }, xml)
  t.match(answered[0], ' content="天气 厦门" ')
  t.match(journalOf(store), '"content":"天气 厦门"')
})
