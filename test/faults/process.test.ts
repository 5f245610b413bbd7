import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import t, { type Test } from 'tap'
import { lineOf } from '../cli/weixin.ts'
import { connect, request } from '../gateway/fastcgi/client.ts'
import { type Deployment, deploy, startResponder } from '../integration/deployment.ts'
import { deployOwned, say, TOKEN, textOf } from './owner.ts'

const windows = process.platform === 'win32'
const isRoot = process.geteuid?.() === 0

t.test(
  'what a handler leaves to itself to fail is logged, what runs is answered, and the service ends with 1',
  { skip: windows },
  async t => {
    const deployment = deployOwned(
      t,
      {},
      `let finishWaiting
    app.hears('wait', () => new Promise(resolve => { finishWaiting = resolve }))
    app.hears('fail', () => {
      setImmediate(() => finishWaiting("waited"))
      void Promise.reject(new Error('left to itself'))
      return 'said'
    })`,
    )
    const socket = path.join(deployment.scratch, 'fail.sock')
    const service = await startResponder(t, deployment, socket)
    const exited = once(service, 'exit')
    const log = gather(service)
    const waiting = say(socket, 'wait')
    t.match(await say(socket, 'hello'), '<![CDATA[hello]]>')
    t.match(await say(socket, 'fail'), '<![CDATA[said]]>')
    t.match(await waiting, '<![CDATA[waited]]>')
    t.strictSame(await exited, [1, null])
    t.match(log(), /^weixin error: Error: left to itself\\n.*$/m)
  },
)

for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  t.test(
    `a service that is sent ${signal} a second time, as mod_fcgid and impatient people do, finishes what it has begun`,
    { skip: windows },
    async t => {
      const deployment = deployOwned(
        t,
        {},
        `app.hears('wait', async () => {
        const { existsSync, writeFileSync } = require('node:fs')
        writeFileSync(process.env.TEST_FOLDER + '/begun', '')
        while (!existsSync(process.env.TEST_FOLDER + '/end')) await new Promise(setImmediate)
        return 'waited'
      })`,
      )
      const folder = deployment.scratch
      const socket = path.join(folder, 'twice.sock')
      const service = await startResponder(t, deployment, socket, { TEST_FOLDER: folder })
      const exited = once(service, 'exit')
      const waiting = say(socket, 'wait').catch(String)
      await until(() => fs.existsSync(path.join(folder, 'begun')))
      service.kill(signal)
      await until(() => !fs.existsSync(socket))
      service.kill(signal)
      fs.writeFileSync(path.join(folder, 'end'), '')
      t.match(await waiting, '<![CDATA[waited]]>')
      t.strictSame(await exited, [0, null])
    },
  )
}

t.test('in CGI the answer is given all the same, with the failure in the log', { skip: windows }, async t => {
  const { directory } = deployOwned(
    t,
    {},
    `app.hears('fail', async () => {
        void Promise.reject(new Error('left to itself'))
        await new Promise(setImmediate)
        return 'said'
      })`,
  )
  const { query, body } = textOf('fail')
  const { stdout, stderr, status } = spawnSync(path.join(directory, 'cgi-bin', 'weixin'), {
    env: {
      PATH: process.env['PATH'],
      REQUEST_METHOD: 'POST',
      QUERY_STRING: query,
      CONTENT_LENGTH: String(Buffer.byteLength(body)),
    },
    input: body,
    encoding: 'utf8',
  })
  t.equal(status, 0)
  t.match(stdout, '<![CDATA[said]]>')
  t.match(stderr, 'weixin error: Error: left to itself')
})

t.test('in CGI a process that has promised its answer stays until that is kept', { skip: windows }, async t => {
  const { directory } = deployOwned(
    t,
    { deliveries: 1 },
    "app.hears('slow', () => new Promise(resolve => setTimeout(resolve, 300, 'here it is')))",
  )
  const say = (content: string, environment: Readonly<Record<string, string>> = {}) => {
    const { query, body } = textOf(content)
    const input = body.replace(/oQ7xExampleFan\d+/, 'oQ7xExampleFan')
    const env = {
      ...environment,
      PATH: process.env['PATH'],
      REQUEST_METHOD: 'POST',
      QUERY_STRING: query,
      CONTENT_LENGTH: String(Buffer.byteLength(input)),
    }
    return spawnSync(path.join(directory, 'cgi-bin', 'weixin'), { env, input, encoding: 'utf8' }).stdout
  }
  t.match(say('slow', { WEIXIN_ANSWER_WITHIN: '1' }), '还在想')
  t.match(say('and?'), '<![CDATA[here it is]]>')
})

t.test(
  'a service that has no descriptors left for a new peer answers again when others have gone',
  { skip: windows },
  async t => {
    const deployment = deploy(t, { token: TOKEN, store: 'file:var' })
    const socket = path.join(deployment.scratch, 'few.sock')
    await startLimited(t, deployment, socket, ['-n', '40'])
    t.match(await say(socket, 'before'), '<![CDATA[before]]>')
    const crowd = Array.from({ length: 60 }, () => net.connect(socket).on('error', () => {}))
    await Promise.all(crowd.map(peer => once(peer, 'connect')))
    const { query, body } = textOf('meanwhile')
    const wire = connect(socket)
    wire.send(request(query, body))
    for (const peer of crowd) peer.destroy()
    // Whoever came while there was no room may have been sent away: WeChat asks again.
    await wire.records().catch(() => [])
    t.match(await say(socket, 'after'), '<![CDATA[after]]>')
  },
)

t.test('a service that is shouted at while nobody reads its log goes on answering', { skip: windows }, async t => {
  const deployment = deploy(t, { token: TOKEN, store: 'memory:' })
  const socket = path.join(deployment.scratch, 'deaf.sock')
  const service = await startResponder(t, deployment, socket)
  service.stderr?.removeAllListeners('data')
  service.stderr?.pause()
  let refused = 0
  // Twice as much as a pipe holds.
  for (let round = 0; round < 1000; round++) {
    const wire = connect(socket)
    wire.send(request('signature=0'))
    if ((await wire.reply()).document.startsWith('Status: 403')) refused++
    wire.socket.destroy()
  }
  t.equal(refused, 1000)
  t.match(await say(socket, 'still there'), '<![CDATA[still there]]>')
  service.stderr?.resume()
})

t.test(
  'with a full disk for its state and its journal a service answers, and goes on when there is room',
  { skip: windows },
  async t => {
    const deployment = deployOwned(t, { store: 'file:var', journal: 'on' })
    const state = path.join(deployment.directory, 'var')
    const { status } = isRoot
      ? spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', state])
      : { status: 1 }
    if (status !== 0) return void t.pass('needs a small disk', { skip: 'needs root to mount a small disk' })
    t.teardown(() => spawnSync('umount', ['--lazy', state]))
    const socket = path.join(deployment.scratch, 'full.sock')
    const service = await startResponder(t, deployment, socket)
    const log = gather(service)
    t.match(await say(socket, 'before'), '<![CDATA[before]]>')
    fillUp(path.join(state, 'filler'))
    // The last pages of files that were begun have room for some lines more.
    let unanswered = 0
    for (let round = 0; round < 500 && !isFull(log()); round++) {
      if (!(await say(socket, `full ${round}`)).includes(`<![CDATA[full ${round}]]>`)) unanswered++
    }
    t.equal(unanswered, 0)
    t.match(log(), /the disk is full/)
    fs.rmSync(path.join(state, 'filler'))
    t.match(await say(socket, 'after'), '<![CDATA[after]]>')
    t.match(await twice(socket), [/<!\[CDATA\[🎲/, /<!\[CDATA\[🎲/], 'and knows a delivery again')
  },
)

const library = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map(machine => `/usr/lib/${machine}/faketime/libfaketime.so.1`)
  .find(file => fs.existsSync(file))

t.test(
  'a clock that is put forward by an hour or ten years, and back again, costs no message',
  { skip: !library && 'libfaketime is not installed' },
  async t => {
    const deployment = deploy(t, { token: TOKEN, store: 'file:var' })
    const socket = path.join(deployment.scratch, 'clock.sock')
    const clock = path.join(deployment.scratch, 'clock')
    const put = (seconds: number) => fs.writeFileSync(clock, seconds < 0 ? `${seconds}s` : `+${seconds}s`)
    put(0)
    await startResponder(t, deployment, socket, {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    })
    for (const offset of [0, 3600, 0, -3600, 0, 315_360_000, 0]) {
      put(offset)
      const now = Date.now() + offset * 1000
      t.match(await say(socket, `at ${offset}`, now), `<![CDATA[at ${offset}]]>`)
      t.match(await say(socket, 'stale', now - 400_000), 'Status: 403')
      const answers = await twice(socket, now)
      t.equal(answers[0], answers[1], 'a delivery is known again')
    }
  },
)

t.test(
  'a service that is killed again and again answers every message within its three deliveries, and runs each once that it answered',
  { skip: windows },
  async t => {
    const deployment = deployOwned(
      t,
      { store: 'file:var' },
      `app.hears(/^run (\\d+)$/, ctx => {
      require('node:fs').appendFileSync(process.env.TEST_RUNS, ctx.match[1] + ' ' + process.pid + '\\n')
      return 'ran ' + ctx.match[1]
    })`,
    )
    const socket = path.join(deployment.scratch, 'killed.sock')
    const runs = path.join(deployment.scratch, 'runs')
    let service = await startResponder(t, deployment, socket, { TEST_RUNS: runs })
    const unanswered: number[] = []
    let restarting = Promise.resolve()
    const tell = async (number: number) => {
      const { query, body } = textOf(`run ${number}`)
      for (let delivery = 1; delivery <= 3; delivery++) {
        await restarting
        const wire = connect(socket)
        wire.send(request(query, body))
        const document = await wire.reply().then(
          reply => reply.document,
          () => '',
        )
        wire.socket.destroy()
        if (document.includes(`<![CDATA[ran ${number}]]>`)) return
      }
      unanswered.push(number)
    }
    for (let round = 0; round < 4; round++) {
      const batch = Array.from({ length: 25 }, (_, index) => tell(round * 25 + index))
      await Promise.any(batch)
      service.kill('SIGKILL')
      restarting = once(service, 'exit').then(async () => {
        service = await startResponder(t, deployment, socket, { TEST_RUNS: runs })
      })
      await Promise.all(batch)
      await restarting
    }
    t.strictSame(unanswered, [], 'every message was answered')
    const lines = fs.readFileSync(runs, 'utf8').trimEnd().split('\n')
    t.equal(new Set(lines.map(line => line.split(' ')[0])).size, 100, 'every handler ran')
    t.equal(new Set(lines).size, lines.length, 'and again only in another process, where its own was killed')
  },
)

/** The same roll of dice, delivered twice. */
async function twice(socket: string, time?: number): Promise<string[]> {
  const { query, body } = textOf('roll 999', time)
  const answers = []
  for (let delivery = 0; delivery < 2; delivery++) {
    const wire = connect(socket)
    wire.send(request(query, body))
    const text = Buffer.from((await wire.reply()).document, 'latin1').toString()
    answers.push(/<Content>.*<\/Content>/.exec(text)?.[0] ?? text)
    wire.socket.destroy()
  }
  return answers
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise(resolve => setTimeout(resolve, 5))
}

function gather(service: ChildProcess): () => string {
  let log = ''
  service.stderr?.on('data', text => {
    log += text
  })
  return () => log
}

/** Both, the journal and the store, have said so. */
function isFull(log: string): boolean {
  return log.includes('the journal cannot be written (ENOSPC)') && log.includes('the disk is full')
}

function fillUp(file: string): void {
  const filler = fs.openSync(file, 'w')
  try {
    for (;;) fs.writeSync(filler, Buffer.alloc(4096))
  } catch {
    fs.closeSync(filler)
  }
}

/** A responder with a `ulimit`; it ends with the test. */
async function startLimited(t: Test, { directory }: Deployment, socket: string, limit: readonly string[]) {
  // The test runner adds options to those of every child, which take descriptors themselves.
  const words = `unset NODE_OPTIONS; ulimit ${limit.join(' ')}; exec "$0" "$1" --listen "$2"`
  const child = spawn('sh', ['-c', words, process.execPath, path.join(directory, 'cgi-bin', 'weixin'), socket], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
  })
  await lineOf(child, /listening/)
  return child
}
