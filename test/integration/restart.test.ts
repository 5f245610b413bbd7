import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { listeningSocket } from '../gateway/launch.ts'
import { type Deployment, deploy, requireApache, startApache, vhostOf } from './deployment.ts'
import { get, signed } from './wire.ts'

const TOKEN = 'kapokTree2031'
const CLIENTS = 8
const RESTARTS = 5
/** Answers that a service gives before it is restarted. */
const ANSWERS = 300

const apache = requireApache(t)

if (apache) {
  t.test('a service whose socket stays open restarts under load and loses no request', async t => {
    const deployment = deploy(t, { token: TOKEN })
    const services = await supervise(t, deployment)
    const { url } = await startApache(t, apache, deployment, vhostOf('debian-proxy-fcgi.conf', deployment))
    const load = keepAsking(Number(new URL(url).port))
    for (let restart = 0; restart < RESTARTS; restart++) {
      const pid = await services.listening()
      await load.answers(ANSWERS)
      process.kill(pid, 'SIGTERM')
    }
    await services.listening()
    await load.answers(ANSWERS)
    t.same(await load.end(), [])
  })
}

/**
 * What systemd does: holds the listening socket, which nobody else has open, and starts the service on it whenever
 * there is none.
 */
async function supervise(t: Test, { directory, scratch }: Deployment) {
  const socket = await listeningSocket(t)
  fs.chmodSync(socket.file, 0o666)
  fs.renameSync(socket.file, path.join(scratch, 'weixin.sock'))
  const program = [process.execPath, path.join(directory, 'cgi-bin', 'weixin')]
  const shell = spawn('sh', ['-c', 'while "$@"; do :; done', 'sh', ...program], {
    env: { PATH: process.env['PATH'], LISTEN_FDS: '1' },
    stdio: ['ignore', 'ignore', 'pipe', socket.fd],
    detached: true,
  })
  t.teardown(() => process.kill(-Number(shell.pid), 'SIGKILL'))
  socket.close()
  const log = createInterface({ input: shell.stderr as Readable })[Symbol.asyncIterator]()
  return {
    /** The next service, once it can be sent a signal. */
    async listening(): Promise<number> {
      const { value = 'it failed' } = await log.next()
      const [, pid] = /listening .*pid=(\d+)/.exec(value) ?? []
      if (!pid) throw new Error(value)
      return Number(pid)
    },
  }
}

/** Clients that ask again as soon as they are answered. */
function keepAsking(port: number) {
  const failures: string[] = []
  let count = 0
  let ending = false
  const ask = async () => {
    while (!ending) {
      const { statusLine, body } = await get(port, `/?${signed(TOKEN)}&echostr=${count}`)
      count++
      if (!statusLine.endsWith(' 200 OK')) failures.push(`${statusLine} ${body}`)
    }
  }
  const clients = Array.from({ length: CLIENTS }, ask)
  return {
    async answers(more: number) {
      const wanted = count + more
      while (count < wanted) await new Promise(resolve => setImmediate(resolve))
    },
    async end() {
      ending = true
      await Promise.all(clients)
      return failures
    },
  }
}
