import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import type { PrivateApache } from '../../src/cli/trial/private-apache.ts'
import { listeningSocket } from '../gateway/launch.ts'
import { type Deployment, deploy, requireApache, startApache, startResponder, vhostOf, webUser } from './deployment.ts'
import { TOKEN, upgradable } from './upgrades.ts'
import { get, signed } from './wire.ts'

const CLIENTS = 8
/**
 * A request that finds every process busy looks again after a second, and then asks mod_fcgid's process manager for one
 * more. On a graceful restart that answers once more and ends: a second such request would wait for ever, with it the
 * whole child, whatever the program. Two clients make no two.
 */
const FEW = 2
/** Answers that are given between one restart and the next. */
const ANSWERS = 200
const REFUSAL = / status=403 /

const apache = requireApache(t)

if (apache) {
  t.test('a service whose socket systemd holds is restarted five times under load and loses no request', async t => {
    const deployment = deploy(t, { token: TOKEN })
    const site = upgradable(deployment)
    const services = await supervise(t, deployment, site.node)
    const { url } = await startApache(t, apache, deployment, vhostOf('debian-proxy-fcgi.conf', deployment))
    const port = Number(new URL(url).port)
    const load = keepAsking(port)
    const restart = async (signal: 'SIGTERM' | 'SIGHUP') => {
      await load.answers()
      process.kill(services.pid(), signal)
      await services.listening()
      await load.answers()
    }
    await services.listening()
    await restart('SIGTERM')
    t.not(fs.readlinkSync(`/proc/${services.pid()}/exe`), site.otherNode)
    site.changeToken()
    await restart('SIGHUP')
    await site.checkToken(t, port)
    site.changeNode()
    await restart('SIGTERM')
    t.equal(fs.readlinkSync(`/proc/${services.pid()}/exe`), site.otherNode, 'another Node serves')
    site.changeVersion()
    await restart('SIGTERM')
    await site.checkVersion(t, port)
    await restart('SIGHUP')
    t.same(await load.end(), [])
  })

  t.test('behind mod_proxy_fcgi, graceful and rotated logs lose no request', async t => {
    const deployment = deploy(t, { token: TOKEN })
    await startResponder(t, deployment, path.join(deployment.scratch, 'weixin.sock'))
    const running = await startApache(t, apache, deployment, vhostOf('debian-proxy-fcgi.conf', deployment))
    const load = keepAsking(Number(new URL(running.url).port))
    for (let restart = 1; restart <= 5; restart++) {
      await load.answers()
      if (restart % 2 === 0) fs.renameSync(running.errorLog, `${running.errorLog}.${restart}`)
      await graceful(running)
      await load.answers()
    }
    t.same(await load.end(), [])
    t.match(fs.readFileSync(`${running.errorLog}.4`, 'utf8'), 'Doing graceful restart')
    t.match(fs.readFileSync(running.errorLog, 'utf8'), 'resuming normal operations')
  })

  t.test('under mod_fcgid, graceful with new configuration, Node and version loses no request', async t => {
    const deployment = deploy(t, { token: TOKEN })
    const site = upgradable(deployment)
    const running = await startApache(t, apache, deployment, vhostOf('debian-mod-fcgid.conf', deployment))
    const port = Number(new URL(running.url).port)
    const load = keepAsking(port, FEW)
    const reload = async () => {
      await load.answers()
      await graceful(running)
      await load.answers()
    }
    await reload()
    site.changeToken()
    await reload()
    await site.checkToken(t, port)
    site.changeNode()
    await reload()
    site.changeVersion()
    await reload()
    await site.checkVersion(t, port)
    fs.renameSync(running.errorLog, `${running.errorLog}.1`)
    await reload()
    t.same(await load.end(), [])
    const { size } = fs.statSync(`${running.errorLog}.1`)
    t.match((await get(port, '/')).statusLine, / 403 /)
    await refusals(running.errorLog, 1)
    t.equal(fs.statSync(`${running.errorLog}.1`).size, size, 'and the old one has not')
  })

  t.test('a log that is cut in place, as copytruncate does, goes on from its beginning', async t => {
    const deployment = deploy(t, { token: TOKEN })
    const running = await startApache(t, apache, deployment, vhostOf('debian-mod-fcgid.conf', deployment))
    const port = Number(new URL(running.url).port)
    t.match((await get(port, '/')).statusLine, / 403 /)
    await refusals(running.errorLog, 1)
    fs.copyFileSync(running.errorLog, `${running.errorLog}.1`)
    fs.truncateSync(running.errorLog)
    t.match((await get(port, '/')).statusLine, / 403 /)
    await refusals(running.errorLog, 1)
    t.equal(fs.readFileSync(`${running.errorLog}.1`, 'utf8').split(REFUSAL).length, 2)
    t.notMatch(fs.readFileSync(running.errorLog, 'utf8'), '\0')
  })

  t.test(
    'as CGI, every request is answered after Node was exchanged, with the snapshot of another one there',
    async t => {
      const deployment = deploy(t, { token: TOKEN })
      const site = upgradable(deployment)
      const { url } = await startApache(t, apache, deployment, vhostOf('debian-cgi.conf', deployment))
      const port = Number(new URL(url).port)
      const changes = [() => {}, site.changeNode, site.changeNodeBack, site.changeNode, site.changeVersion]
      for (const change of changes) {
        change()
        for (let count = 0; count < 4; count++) {
          const { statusLine, body } = await get(port, `/?${signed(TOKEN)}&echostr=${count}`)
          t.same([statusLine, body.toString()], ['HTTP/1.1 200 OK', String(count)])
        }
      }
      await site.checkVersion(t, port)
    },
  )
}

/**
 * What systemd does: holds the listening socket, which nobody else has open, and starts the service on it whenever
 * there is none.
 */
async function supervise(t: Test, { directory, scratch }: Deployment, node: string) {
  const socket = await listeningSocket(t)
  fs.chmodSync(socket.file, 0o666)
  fs.renameSync(socket.file, path.join(scratch, 'weixin.sock'))
  const program = [node, path.join(directory, 'cgi-bin', 'weixin')]
  const shell = spawn('sh', ['-c', 'while "$@"; do :; done', 'sh', ...program], {
    env: { PATH: process.env['PATH'], LISTEN_FDS: '1' },
    stdio: ['ignore', 'ignore', 'pipe', socket.fd],
    detached: true,
    ...(webUser && { uid: webUser.uid, gid: webUser.gid }),
  })
  t.teardown(() => process.kill(-Number(shell.pid), 'SIGKILL'))
  socket.close()
  const log = createInterface({ input: shell.stderr as Readable })[Symbol.asyncIterator]()
  let current = 0
  return {
    pid: () => current,
    /** Resolves when the next service can be sent a signal. */
    async listening(): Promise<void> {
      for (let pid: string | undefined; !pid; current = Number(pid)) {
        const { value, done } = await log.next()
        if (done) throw new Error('the service has failed')
        pid = /listening .*pid=(\d+)/.exec(value)?.[1]
      }
    },
  }
}

/** Resolves when a log has so many lines about requests that were refused: they are not written at once. */
async function refusals(log: string, count: number): Promise<void> {
  const lines = () => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8').split(REFUSAL).length - 1 : 0)
  while (lines() < count) await new Promise(resolve => setTimeout(resolve, 10))
}

/** `apache2ctl graceful`; resolves when Apache says that it has done it. */
async function graceful({ pid, errorLog }: PrivateApache): Promise<void> {
  const size = fs.existsSync(errorLog) ? fs.statSync(errorLog).size : 0
  process.kill(pid, 'SIGUSR1')
  const said = () => (fs.existsSync(errorLog) ? fs.readFileSync(errorLog, 'utf8').slice(size) : '')
  while (!said().includes('resuming normal operations')) await new Promise(resolve => setTimeout(resolve, 10))
}

/** Clients that ask again as soon as they are answered. */
function keepAsking(port: number, number = CLIENTS) {
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
  const clients = Array.from({ length: number }, ask)
  return {
    /** Resolves when so many more have been given. */
    async answers() {
      const wanted = count + ANSWERS
      while (count < wanted) await new Promise(resolve => setImmediate(resolve))
    },
    async end() {
      ending = true
      await Promise.all(clients)
      return failures
    },
  }
}
