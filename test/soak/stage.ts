import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import type { Apache } from '../../src/cli/trial/private-apache.ts'
import { startFakeApi } from '../../src/simulator/api/server.ts'
import type { SimulatedAccount } from '../../src/simulator/exchange.ts'
import { deployOwned } from '../faults/owner.ts'
import { listeningSocket } from '../gateway/launch.ts'
import { type Deployment, startApache, vhostOf, webUser } from '../integration/deployment.ts'
import { noRedis, startRedis } from '../store/redis-server.ts'
import type { Scene, SiteName } from './faults.ts'
import { notingHandlers } from './ledger.ts'

export const ACCOUNT: SimulatedAccount = {
  token: 'kapokTree2031',
  appId: 'wx00d1e2f3a4b5c6d7',
  appSecret: 'SECRET-0123456789abcdef',
  aesKey: 'Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc00',
  userName: 'gh_a0b1c2d3e4f5',
}

const LIBFAKETIME = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map(machine => `/usr/lib/${machine}/faketime/libfaketime.so.1`)
  .find(file => fs.existsSync(file))

/** A deployment behind an Apache, and the file in which its handlers note their runs. */
export interface Site {
  readonly id: SiteName
  readonly name: string
  readonly url: string
  readonly runs: string
}

export interface Stage {
  readonly sites: readonly Site[]
  readonly scene: Scene
  /** The service that nobody kills. */
  readonly steady: number
}

/** Where the services keep their state; the other two sites keep it in files. */
export type StoreKind = 'redis' | 'files'

/**
 * Three deployments: FastCGI services that share a socket, one of which may be killed, with Redis or files; mod_fcgid;
 * and CGI with its state on a small disk. Everything ends with the test.
 *
 * @param log a file for what the services say
 */
export async function setStage(t: Test, apache: Apache, store: StoreKind, log: string): Promise<Stage> {
  const api = await startFakeApi({ account: ACCOUNT, strangers: true })
  t.teardown(() => api.close())
  const redisOptions = ['--appendonly', 'yes', '--dir', folder(t)]
  const redis = store === 'files' || noRedis() ? undefined : await startRedis(t, redisOptions)
  const { token, appId, appSecret, aesKey } = ACCOUNT
  const common = { token, appId, appSecret, aesKey, apiBase: api.url, journal: 'on', journalMegabytes: 10 }

  const [served, servedRuns] = site(t, { ...common, store: redis ? `redis://127.0.0.1:${redis.port}` : 'file:var' })
  const clock = LIBFAKETIME && path.join(served.scratch, 'clock')
  if (clock) fs.writeFileSync(clock, '+0s')
  const services = await startServices(t, served, clock, log)
  const front = await startApache(t, apache, served, vhostOf('debian-proxy-fcgi.conf', served))

  const [started, startedRuns] = site(t, { ...common, store: 'file:var' })
  const startedFront = await startApache(t, apache, started, vhostOf('debian-mod-fcgid.conf', started))

  const [scripted, scriptedRuns] = site(t, { ...common, store: 'file:var' })
  const disk = smallDisk(t, path.join(scripted.directory, 'var'))
  const scriptFront = await startApache(t, apache, scripted, vhostOf('debian-cgi.conf', scripted))

  return {
    sites: [
      { id: 'services', name: `mod_proxy_fcgi, ${redis ? 'Redis' : 'files'}`, url: front.url, runs: servedRuns },
      { id: 'fcgid', name: 'mod_fcgid, files', url: startedFront.url, runs: startedRuns },
      { id: 'cgi', name: 'CGI, files', url: scriptFront.url, runs: scriptedRuns },
    ],
    scene: {
      t,
      mortal: services.mortal,
      killed: new Set(),
      api,
      clock,
      disk,
      redis,
      redisOptions,
      cgi: scripted.directory,
      fcgid: started.directory,
    },
    steady: services.steady,
  }
}

/** One that is gone with the test. */
function folder(t: Test): string {
  const made = fs.mkdtempSync('/tmp/weixin-soak-')
  t.teardown(() => fs.rmSync(made, { recursive: true, force: true }))
  return made
}

function site(t: Test, config: object): [deployment: Deployment, runs: string] {
  const runs = path.join(folder(t), 'runs')
  fs.writeFileSync(runs, '')
  fs.chmodSync(path.dirname(runs), 0o755)
  if (webUser) fs.chownSync(runs, webUser.uid, webUser.gid)
  return [deployOwned(t, config, notingHandlers(runs)), runs]
}

/** Two on one socket that nobody else has open; the second is started again whenever it ends. */
async function startServices(t: Test, { directory, scratch }: Deployment, clock: string | undefined, log: string) {
  const socket = await listeningSocket(t)
  fs.chmodSync(socket.file, 0o666)
  fs.renameSync(socket.file, path.join(scratch, 'weixin.sock'))
  const program = [path.join(directory, 'cgi-bin', 'weixin')]
  const start = (words: readonly string[]) =>
    spawn('sh', ['-c', ...words], {
      env: {
        PATH: process.env['PATH'],
        LISTEN_FDS: '1',
        ...(clock && { LD_PRELOAD: LIBFAKETIME, FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: '1' }),
        ...(clock && { FAKETIME_DONT_FAKE_MONOTONIC: '1' }),
      },
      stdio: ['ignore', 'ignore', 'pipe', socket.fd],
      detached: true,
      ...(webUser && { uid: webUser.uid, gid: webUser.gid }),
    })
  const steady = start(['exec "$@"', 'sh', ...program])
  const supervised = start(['while :; do "$@"; done', 'sh', ...program])
  for (const child of [steady, supervised]) t.teardown(() => process.kill(-Number(child.pid), 'SIGKILL'))
  socket.close()
  fs.writeFileSync(log, '')
  const current = await pidOf(supervised, log)
  await pidOf(steady, log)
  return { steady: Number(steady.pid), mortal: current }
}

/** Resolves when it listens; what it gives is the process that listened last. */
async function pidOf(child: ChildProcess, log: string): Promise<() => number> {
  let pid = 0
  const { stderr } = child
  if (!stderr) throw new Error('a service without a log')
  await new Promise<void>(resolve => {
    createInterface({ input: stderr }).on('line', line => {
      // What went well would be hundreds of megabytes in a night.
      if (!line.includes(' info: answered ')) fs.appendFileSync(log, `${new Date().toISOString()} ${pid} ${line}\n`)
      const found = /listening .*pid=(\d+)/.exec(line)?.[1]
      if (found) pid = Number(found)
      if (found) resolve()
    })
  })
  return () => pid
}

/** Under root a disk that is soon full. */
function smallDisk(t: Test, folder: string): string | undefined {
  if (process.geteuid?.() !== 0) return undefined
  const owner = webUser ? `,uid=${webUser.uid},gid=${webUser.gid}` : ''
  const options = `size=32m,mode=700${owner}`
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0) return undefined
  t.teardown(() => spawnSync('umount', ['--lazy', folder]))
  return folder
}
