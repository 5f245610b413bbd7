import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import { ask } from '../gateway/fastcgi/client.ts'
import { FOLLOWER, SIGNED, textXml } from '../webhook/receiver.ts'
import { checkout, lineOf, start, weixin } from './weixin.ts'

/** The known signature is of 2030: its age is accepted. */
const CONFIG = { token: 'kapokTree2031', replayWindow: 0, journal: true, logContents: true }
const ENTRY = { time: new Date().toISOString(), level: 'info', message: 'answered', account: 'default', kind: 'text' }

function deployment(t: Test, config: object = CONFIG, entries: readonly object[] = []): string {
  const directory = checkout(t)
  fs.writeFileSync(path.join(directory, 'weixin.config.json'), JSON.stringify(config))
  if (entries.length > 0) append(directory, entries)
  return directory
}

function append(directory: string, entries: readonly object[], part = 1): void {
  const folder = path.join(directory, 'var', 'traffic')
  fs.mkdirSync(folder, { recursive: true })
  const lines = entries.map(entry => `${JSON.stringify({ ...ENTRY, answer: 'text', ms: 5, ...entry })}\n`)
  fs.appendFileSync(path.join(folder, `${ENTRY.time.slice(0, 10)}-${part}.jsonl`), lines.join(''))
}

/** Unix sockets have short names: tap's own folders are too deep. */
function socketPath(t: Test): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-'))
  t.teardown(() => fs.rmSync(folder, { recursive: true }))
  return path.join(folder, 's.sock')
}

t.test('what the service answers is in its log, in the journal, in weixin log and in weixin report', async t => {
  const directory = deployment(t)
  const socket = socketPath(t)
  const serving = start(directory, ['serve', '--listen', socket, '--workers', '2', '--log', 'json'])
  const lines: string[] = []
  createInterface({ input: serving.stderr }).on('line', line => lines.push(line))
  await lineOf(serving, /"listening"/)
  for (const words of ['hello', 'hello', 'prices']) {
    await ask(socket, SIGNED, textXml(words).replace('<MsgId>1<', `<MsgId>${lines.length}${Math.random()}<`))
  }
  await ask(socket, '')
  serving.kill('SIGTERM')
  t.strictSame(await once(serving, 'close'), [0, null])
  const entries = lines.map(line => JSON.parse(line)).filter(({ message }) => message !== 'listening')
  t.equal(entries.length, 4)
  t.equal(
    entries.filter(({ kind, answer, delivery }) => kind === 'text' && answer === 'text' && delivery === 1).length,
    3,
  )

  const { code, stdout } = await weixin(directory, ['log'])
  t.equal(code, 0)
  const shown = stdout.split('\n').filter(line => line.includes('→'))
  t.equal(shown.length, 4)
  // Two workers: what came first need not stand first.
  const [greeting = ''] = shown.filter(line => line.includes('hello'))
  const [refused = ''] = shown.filter(line => line.includes('403'))
  t.match(greeting, /^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d default {2}text → text {2}[\d.]+ ms {2}[\da-f]{8} {2}“hello”$/)
  t.match(refused, / default {2}- → 403 query {2}/)
  t.match((await weixin(directory, ['log', '--refused', '--json'])).stdout, /^\{"time":.*"reason":"query".*\}\n$/)

  const out = path.join(directory, 'report.html')
  const made = await weixin(directory, ['report', '--out', out, '--days', '2'])
  t.equal(made.code, 0)
  t.match(made.stdout, ': 3 messages, 100 % of the answers within 5 s')
  t.match(fs.readFileSync(out, 'utf8'), '<span class="name">hello</span>')
  const { messages, followers, refusals, words, latency } = JSON.parse(
    (await weixin(directory, ['report', '--json'])).stdout,
  )
  t.match({ messages, followers }, { messages: 3, followers: 1 })
  t.match(refusals, [{ name: 'query', count: 1, status: 403 }])
  t.match(words, [
    { name: 'hello', count: 2 },
    { name: 'prices', count: 1 },
  ])
  t.match(latency, { answers: 3, inTime: 1 })
  const everything = [...lines, stdout, fs.readFileSync(out, 'utf8')].join('\n')
  for (const secret of [FOLLOWER, CONFIG.token]) t.notOk(everything.includes(secret))
})

t.test('the report is made from a log in JSON as well, also of one account', async t => {
  const directory = deployment(t, { token: 't' })
  const log = path.join(directory, 'error.log')
  const entries = [{}, { account: 'shop' }, { kind: 'image' }].map(entry => ({
    ...ENTRY,
    answer: 'text',
    ms: 5,
    ...entry,
  }))
  const lines = entries.map(
    entry => `[Sun Nov 22 08:00:00 2026] AH01215: ${JSON.stringify(entry).replace(/"/g, '\\"')}`,
  )
  fs.writeFileSync(log, ['something else', ...lines].join('\n'))
  const read = async (...more: string[]) =>
    JSON.parse((await weixin(directory, ['report', '--json', '--log', log, ...more])).stdout)
  t.match(await read(), { messages: 3, accounts: ['default', 'shop'] })
  t.match(await read('--account', 'shop'), { messages: 1, accounts: ['shop'] })
})

t.test('weixin log -f goes on with new lines, also of a file that is begun meanwhile', async t => {
  const directory = deployment(t, CONFIG, [{ content: 'first' }])
  const following = start(directory, ['log', '-f', '--kind', 'text'])
  await lineOf(following, /“first”/)
  append(directory, [{ content: 'second' }, { kind: 'image', content: 'left out' }])
  t.match(await lineOf(following, /“/), '“second”')
  append(directory, [{ content: 'third' }], 2)
  t.match(await lineOf(following, /“/), '“third”')
  following.kill('SIGINT')
  t.strictSame(await once(following, 'exit'), [0, null])
})

t.test('weixin log shows as many lines as asked for, of one account or kind', async t => {
  const entries = [{ content: 'a' }, { account: 'shop', content: 'b' }, { kind: 'event:CLICK', content: 'c' }]
  const directory = deployment(t, CONFIG, entries)
  const shown = async (...words: string[]) =>
    [...(await weixin(directory, ['log', ...words])).stdout.matchAll(/“(.)”/g)].map(match => match[1]).join('')
  t.equal(await shown(), 'abc')
  t.equal(await shown('-n', '2'), 'bc')
  t.equal(await shown('--account', 'shop'), 'b')
  t.equal(await shown('--kind', 'event'), 'c')
  t.equal(await shown('--refused'), '')
})

t.test('what a follower wrote does not command the terminal', async t => {
  const directory = deployment(t, CONFIG, [{ content: '\x1b[2Jx\x07' }])
  t.match((await weixin(directory, ['log'])).stdout, /“ \[2Jx ”\n$/)
})

t.test('without a journal both say how it is switched on', async t => {
  const directory = deployment(t, { token: 't' })
  t.match(await weixin(directory, ['log']), { code: 1, stderr: /"journal": true/ })
  t.match(await weixin(directory, ['report', '--json']), { code: 0, stderr: /"journal": true/ })
  t.match(await weixin(directory, ['log', '--lang', 'zh']), { stderr: /流量日志未开启/ })
})

t.test('what is not permitted is said', async t => {
  const directory = deployment(t)
  t.match(await weixin(directory, ['report', '--days', '0']), {
    code: 2,
    stderr: /--days 0: a whole number from 1 to 366/,
  })
  t.match(await weixin(directory, ['report', '--log', '/none']), { code: 2, stderr: /cannot read \/none: ENOENT/ })
  t.match(await weixin(directory, ['log', '-n', 'x']), { code: 2, stderr: /--lines x: a whole number/ })
  t.match(await weixin(directory, ['serve', '--log', 'xml']), { code: 2, stderr: /WEIXIN_LOG .*text or json/ })
})
