import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { findApache, startPrivateApache } from '../../src/cli/trial/private-apache.ts'
import type { Bilingual } from '../../src/errors.ts'
import { freePort } from '../integration/deployment.ts'
import type { Kind } from './messages.ts'
import { findProgram, globalDirectives, PROGRAMS, type Stage, startService, vhostFor } from './stage.ts'

/** A program behind Apache that answers messages. */
export interface Backend {
  readonly name: Bilingual
  /** Its virtual host. */
  readonly host: string
  readonly kind: Kind
  readonly vhost: string
  /** Of the process that answers, where there is one. */
  readonly pid?: number | undefined
}

/** Answers nothing until its memory is looked at. */
export const FRESH = 'fresh'

/** All programs that are compared, running, and the port of the Apache before them; undefined without an Apache. */
export async function startBackends(
  stage: Stage,
  npmFolder: string | undefined,
  leaveOut: (what: Bilingual) => void,
): Promise<{ readonly port: number; readonly backends: readonly Backend[] } | undefined> {
  const apache = findApache()
  if (!apache) {
    leaveOut({
      en: 'FastCGI: Apache with mod_proxy_fcgi is not installed',
      zh: 'FastCGI：未安装带 mod_proxy_fcgi 的 Apache',
    })
    return undefined
  }
  const backends = [
    await startBareEngine(stage),
    await startOwn(stage, 'plain', { en: 'weixin-cgi, plain', zh: 'weixin-cgi，明文' }),
    await startOwn(
      stage,
      'safe',
      { en: 'weixin-cgi, safe (AES)', zh: 'weixin-cgi，安全模式（AES）' },
      { WEIXIN_MODE: 'safe' },
    ),
    await startOwn(
      stage,
      'memory',
      { en: 'weixin-cgi, plain, store in memory', zh: 'weixin-cgi，明文，内存存储' },
      { WEIXIN_STORE: 'memory:' },
    ),
    await startOwn(
      stage,
      'engine',
      { en: 'weixin-cgi, plain, engine node-fastcgi', zh: 'weixin-cgi，明文，node-fastcgi 引擎' },
      { WEIXIN_FASTCGI: 'node-fastcgi' },
    ),
    staticFile(stage),
    await startWechat(stage, npmFolder),
    await startPhp(stage),
    await startGo(stage),
    ...(await startWorkers(stage)),
    await startOwn(stage, FRESH, { en: 'weixin-cgi', zh: 'weixin-cgi' }),
  ]
  const there: Backend[] = []
  for (const backend of backends) {
    if ('host' in backend) there.push(backend)
    else leaveOut(backend)
  }
  const port = await freePort()
  const vhost = globalDirectives(apache) + there.map(backend => backend.vhost).join('\n')
  const running = await startPrivateApache({ apache, directory: stage.scratch, vhost, port })
  stage.atEnd(() => running.stop())
  return { port, backends: there }
}

function socketOf({ scratch }: Stage, host: string): string {
  return path.join(scratch, `${host}.sock`)
}

/** The responder as an admin has it, with its log and its store in files. */
async function startOwn(
  stage: Stage,
  host: string,
  name: Bilingual,
  environment: Readonly<Record<string, string>> = {},
): Promise<Backend> {
  const socket = socketOf(stage, host)
  const { pid } = await startService(stage, {
    command: path.join(stage.directory, 'cgi-bin', 'weixin'),
    words: ['--listen', socket],
    environment: { WEIXIN_STORE: `file:${path.join(stage.scratch, `store-${host}`)}`, ...environment },
    address: socket,
  })
  return { name, host, kind: host === 'safe' ? 'safe' : 'plain', vhost: vhostFor(stage, host, socket), pid }
}

/** `weixin serve` with one process and with more, with a handler that computes for about a millisecond. */
async function startWorkers(stage: Stage): Promise<readonly Backend[]> {
  const directory = path.join(stage.scratch, 'busy')
  fs.cpSync(stage.directory, directory, { recursive: true })
  const bundle = path.join(directory, 'dist', 'responder.cjs')
  fs.writeFileSync(
    bundle,
    fs.readFileSync(bundle, 'utf8').replace(/^var app = createApp\(\);$/m, line => line + BUSY),
  )
  const backends: Backend[] = []
  for (const count of WORKERS) {
    const host = `workers-${count}`
    const socket = socketOf(stage, host)
    await startService(stage, {
      command: process.execPath,
      words: [path.join(directory, 'dist', 'cli.js'), 'serve', '--listen', socket, '--workers', String(count)],
      environment: { WEIXIN_STORE: `file:${path.join(stage.scratch, `store-${host}`)}` },
      cwd: directory,
      address: socket,
    })
    const name = { en: `--workers ${count}`, zh: `--workers ${count}` }
    backends.push({ name, host, kind: 'plain', vhost: vhostFor(stage, host, socket) })
  }
  return backends
}

const WORKERS = [1, 2, 4]
const BUSY = `
app.on('text', ctx => require('node:crypto').pbkdf2Sync(ctx.message.Content, '', 6000, 16, 'sha1').toString('hex'));
`

async function startBareEngine(stage: Stage): Promise<Backend> {
  const host = 'bare'
  const socket = socketOf(stage, host)
  await startService(stage, {
    command: process.execPath,
    words: [path.join(PROGRAMS, 'bare-record-engine.mjs'), socket, stage.replyFile],
    address: socket,
  })
  return {
    name: { en: 'bare record engine in Node, checks nothing', zh: 'Node 裸记录引擎，不做任何检查' },
    host,
    kind: 'fixed',
    vhost: vhostFor(stage, host, socket),
  }
}

function staticFile(stage: Stage): Backend {
  const vhost = vhostFor(stage, 'static', socketOf(stage, 'static'))
  return { name: { en: 'a static file of Apache', zh: 'Apache 静态文件' }, host: 'static', kind: 'static', vhost }
}

async function startWechat(stage: Stage, folder: string | undefined): Promise<Backend | Bilingual> {
  if (!folder) return { en: 'npm wechat: npm could not install it', zh: 'npm wechat：npm 未能安装' }
  const host = 'wechat'
  const port = await freePort()
  const words = [path.join(PROGRAMS, 'wechat.cjs'), String(port)]
  await startService(stage, {
    command: process.execPath,
    words,
    environment: { NODE_ENV: 'production' },
    cwd: folder,
    address: port,
  })
  const vhost = vhostFor(stage, host, '').replace(/ProxyPass \/ .*/, `ProxyPass / http://127.0.0.1:${port}/`)
  return {
    name: { en: 'npm wechat with express, mod_proxy_http', zh: 'npm wechat + express，mod_proxy_http' },
    host,
    kind: 'plain',
    vhost,
  }
}

async function startPhp(stage: Stage): Promise<Backend | Bilingual> {
  const folder = '/usr/sbin'
  const fpm = fs.existsSync(folder) ? fs.readdirSync(folder).find(file => /^php-fpm[\d.]*$/.test(file)) : undefined
  if (!fpm) return { en: 'PHP-FPM is not installed', zh: '未安装 PHP-FPM' }
  const host = 'php'
  const socket = socketOf(stage, host)
  const home = path.join(stage.scratch, 'php')
  fs.mkdirSync(home)
  fs.copyFileSync(path.join(PROGRAMS, 'bare.php'), path.join(home, 'bare.php'))
  fs.copyFileSync(stage.replyFile, path.join(home, 'reply.xml'))
  const asRoot = process.getuid?.() === 0 ? 'user = www-data\ngroup = www-data\n' : ''
  const conf = path.join(home, 'fpm.conf')
  fs.writeFileSync(
    conf,
    `[global]\ndaemonize = no\nerror_log = ${home}/error.log\n[www]\n${asRoot}listen = ${socket}\npm = static\npm.max_children = 20\n`,
  )
  await startService(stage, { command: path.join(folder, fpm), words: ['-y', conf], address: socket })
  const script = path.join(home, 'bare.php')
  const vhost = vhostFor(stage, host, socket).replace(`fcgi://${host}/`, `fcgi://${host}${script}/`)
  return {
    name: { en: 'PHP-FPM, a bare script, 20 processes', zh: 'PHP-FPM，空脚本，20 个进程' },
    host,
    kind: 'fixed',
    vhost,
  }
}

async function startGo(stage: Stage): Promise<Backend | Bilingual> {
  const go = findProgram('/usr/local/go/bin/go', '/usr/bin/go')
  if (!go) return { en: 'Go is not installed', zh: '未安装 Go' }
  const binary = path.join(stage.scratch, 'bare-go')
  const { status, stderr } = spawnSync(go, ['build', '-o', binary, path.join(PROGRAMS, 'bare.go')], {
    cwd: stage.scratch,
    env: { ...process.env, GO111MODULE: 'off' },
    encoding: 'utf8',
  })
  if (status !== 0) return { en: `Go: ${stderr}`, zh: `Go：${stderr}` }
  const host = 'go'
  const socket = socketOf(stage, host)
  await startService(stage, { command: binary, words: [socket, stage.replyFile], address: socket })
  return {
    name: { en: 'Go net/http/fcgi, a bare program', zh: 'Go net/http/fcgi，空程序' },
    host,
    kind: 'fixed',
    vhost: vhostFor(stage, host, socket),
  }
}
