import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import t, { type Test } from 'tap'
import { lineOf } from '../cli/weixin.ts'
import { connect, request } from '../gateway/fastcgi/client.ts'
import { type Deployment, deploy, startResponder } from '../integration/deployment.ts'
import { deployOwned, gather, say, TOKEN, textOf, twice } from './owner.ts'

const windows = process.platform === 'win32'
const isRoot = process.geteuid?.() === 0

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
