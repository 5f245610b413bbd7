import { type ChildProcess, execFileSync, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Apache } from '../../src/cli/trial/private-apache.ts'
import { type Deployment, vhostOf, webUser } from '../integration/deployment.ts'
import { BUNDLES, copySnapshot, projectDirectory } from '../project.ts'
import type { LoadJob, LoadResult } from './load.ts'
import { AES_KEY, APP_ID, FIXED_REPLY, TOKEN } from './messages.ts'

/** Where a run takes place: a deployed copy of the project, and a folder for everything else. All of it goes at the end. */
export interface Stage extends Deployment {
  /** The least a web server gives to a program; nothing of whoever runs the benchmark is in it. */
  readonly environment: Readonly<Record<string, string>>
  /** A file that holds the fixed reply. */
  readonly replyFile: string
  /** What is to be done at the end, the last first. */
  readonly atEnd: (end: () => unknown) => void
  readonly close: () => Promise<void>
}

export const PROGRAMS = path.join(projectDirectory, 'test', 'bench', 'programs')

export function openStage(): Stage {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-bench-'))
  const directory = path.join(scratch, 'project')
  for (const name of ['cgi-bin', 'apache', 'package.json', 'dist/cli.js', ...BUNDLES]) {
    fs.cpSync(path.join(projectDirectory, name), path.join(directory, name), { recursive: true })
  }
  copySnapshot(directory)
  fs.mkdirSync(path.join(directory, 'var'), { mode: 0o700 })
  const replyFile = path.join(directory, 'apache', 'static', 'reply.xml')
  fs.writeFileSync(replyFile, FIXED_REPLY)
  fs.chmodSync(scratch, 0o755)
  if (webUser) fs.chownSync(scratch, webUser.uid, webUser.gid)
  const ends: (() => unknown)[] = [() => fs.rmSync(scratch, { recursive: true, force: true })]
  return {
    directory,
    scratch,
    replyFile,
    environment: {
      PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      WEIXIN_TOKEN: TOKEN,
      WEIXIN_APP_ID: APP_ID,
      WEIXIN_AES_KEY: AES_KEY,
      WEIXIN_MODE: 'plain',
    },
    atEnd: end => ends.push(end),
    async close() {
      for (const end of ends.toReversed()) await end()
    },
  }
}

/** A program that listens until the end of the run. */
export interface Service {
  readonly command: string
  readonly words: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Where it listens: a socket file or a port. */
  readonly address: string | number
}

/** Starts a service and waits until it listens; what it says goes to a file, as under a supervisor. */
export async function startService(stage: Stage, service: Service): Promise<ChildProcess> {
  const { command, words, address, environment = {}, cwd = stage.scratch } = service
  const logFile = path.join(stage.scratch, `${path.basename(String(address))}.log`)
  const log = fs.openSync(logFile, 'a')
  const child = spawn(command, words, {
    cwd,
    env: { ...stage.environment, ...environment },
    stdio: ['ignore', log, log],
  })
  fs.closeSync(log)
  const ended = once(child, 'exit')
  stage.atEnd(async () => {
    child.kill('SIGTERM')
    await ended
  })
  while (!(await isListening(address))) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${fs.readFileSync(logFile, 'utf8').slice(-500)}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  // Apache's children are another user's.
  if (typeof address === 'string') fs.chmodSync(address, 0o666)
  return child
}

async function isListening(address: string | number): Promise<boolean> {
  const socket = typeof address === 'string' ? net.connect(address) : net.connect(address, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** The shipped virtual host of mod_proxy_fcgi, for another host and whoever listens on another socket. */
export function vhostFor(stage: Stage, host: string, socket: string): string {
  return vhostOf('debian-proxy-fcgi.conf', stage)
    .replace('weixin.example.com', host)
    .replace(path.join(stage.scratch, 'weixin.sock'), socket)
    .replace('fcgi://weixin/', `fcgi://${host}/`)
}

/**
 * One process of Apache with many threads: a pool of connections to each program, as long-lived as in a web server that
 * is always busy; and the modules that the shipped configurations do not need.
 */
export function globalDirectives({ modules }: Apache): string {
  return [
    `LoadModule proxy_http_module "${path.join(modules, 'mod_proxy_http.so')}"`,
    'StartServers 1',
    'ServerLimit 1',
    'ThreadLimit 256',
    'ThreadsPerChild 256',
    'MaxRequestWorkers 256',
    'KeepAlive On',
    'KeepAliveTimeout 60',
    'MaxKeepAliveRequests 0',
    '',
  ].join('\n')
}

/** A process that sends messages, one job after the other. */
export function startLoad(stage: Stage): (job: LoadJob) => Promise<LoadResult> {
  const file = fileURLToPath(new URL('./load-process.js', import.meta.url))
  const child = fork(file, { env: { ...stage.environment }, execArgv: [] })
  stage.atEnd(() => child.kill())
  return async job => {
    child.send(job)
    const [result] = await once(child, 'message')
    return result as LoadResult
  }
}

/** The first of these programs that there is. */
export function findProgram(...files: readonly string[]): string | undefined {
  return files.find(file => fs.existsSync(file))
}

/** What a program prints; undefined when it fails. */
export function outputOf(command: string, ...words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, words, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** Milliseconds; npm goes on trying for many minutes where a network takes what it sends and does not answer. */
const NPM_PATIENCE = 120_000

/** Installs npm packages in a folder of their own; undefined when that fails, as without a network. */
export function installPackages(stage: Stage, names: readonly string[]): string | undefined {
  const folder = path.join(stage.scratch, 'npm')
  fs.mkdirSync(folder)
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }')
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  try {
    execFileSync('npm', ['install', ...options, ...names], { cwd: folder, stdio: 'pipe', timeout: NPM_PATIENCE })
    return folder
  } catch {
    return undefined
  }
}
