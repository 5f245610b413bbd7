import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describeApache } from '../../apache/apache.ts'
import { findInstallations } from '../../apache/installation.ts'
import { type Machine, thisMachine } from '../../apache/machine.ts'
import { WeixinError } from '../../errors.ts'

/** An Apache that is installed on this machine. */
export interface Apache {
  readonly binary: string
  readonly modules: string
}

/** What an Apache of our own runs, and where. */
export interface PrivateApacheOptions {
  readonly apache: Apache
  /** Where its configuration, log, sockets and pid file go; must exist, and under root belong to www-data. */
  readonly directory: string
  /** The shipped configuration, with this machine's paths filled in. */
  readonly vhost: string
  readonly port: number
  /** `event` unless the vhost needs another. */
  readonly mpm?: 'event' | 'prefork'
  /** mod_cgid unless named. */
  readonly cgiModule?: 'cgi' | 'cgid'
}

/** An Apache of our own that is running. */
export interface PrivateApache {
  readonly url: string
  readonly errorLog: string
  readonly pid: number
  stop(): Promise<void>
}

/** Apache did not start; the sentence holds its own last words. */
export class ApacheError extends WeixinError {
  override name = 'ApacheError'
}

/** Finds an Apache with the modules that our configurations need; undefined when there is none, and on Windows. */
export function findApache(machine: Machine = thisMachine(process.env)): Apache | undefined {
  if (machine.platform === 'win32') return undefined
  const found = findInstallations(machine).map(installation => describeApache(machine, installation))
  return found
    .flatMap(({ binary, modulesFolder }) => (binary ? [{ binary, modules: modulesFolder }] : []))
    .find(({ modules }) => machine.status(path.join(modules, 'mod_proxy_fcgi.so')))
}

const PID_FILE = 'apache.pid'

const BALANCER_MODULES = ['slotmem_shm', 'watchdog', 'proxy_balancer', 'lbmethod_byrequests', 'proxy_hcheck']
const MODULES = [
  ...['authz_core', 'alias', 'env', 'headers', 'mime', 'dir', 'log_config', 'unixd', 'reqtimeout'],
  ...['proxy', 'proxy_fcgi'],
]

/**
 * Starts an Apache of our own on loopback, beside any other, from one of the shipped configurations; it touches
 * nothing outside `directory`.
 *
 * @throws {ApacheError} when Apache refuses its configuration or does not answer
 */
export async function startPrivateApache(options: PrivateApacheOptions): Promise<PrivateApache> {
  const { apache, directory, port } = options
  const conf = path.join(directory, 'httpd.conf')
  const errorLog = path.join(directory, 'error.log')
  fs.writeFileSync(conf, configuration(options, errorLog))
  checkConfiguration(apache.binary, conf)
  const child = spawn(apache.binary, ['-f', conf, '-D', 'FOREGROUND'], { stdio: 'ignore', detached: true })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  await Promise.race([listening(directory), ended])
  if (child.exitCode !== null) throw notStarted(readLastLines(errorLog))
  return { url: `http://127.0.0.1:${port}/`, errorLog, pid: child.pid ?? 0, stop: () => stop(child, ended) }
}

function configuration(options: PrivateApacheOptions, errorLog: string): string {
  const { apache, directory, vhost, port, mpm = 'event', cgiModule = 'cgid' } = options
  const fcgid = /^\s*Fcgid/m.test(vhost) ? ['fcgid'] : []
  const balancer = vhost.includes('balancer://') ? BALANCER_MODULES : []
  const load = [`mpm_${mpm}`, ...MODULES, cgiModule, ...fcgid, ...balancer]
    .map(name => ({ name, file: path.join(apache.modules, `mod_${name}.so`) }))
    .filter(({ file }) => fs.existsSync(file))
    .map(({ name, file }) => `<IfModule !${name}_module>\nLoadModule ${name}_module "${file}"\n</IfModule>`)
  const asRoot = process.getuid?.() === 0 ? ['User www-data', 'Group www-data'] : []
  return [
    `ServerRoot "${directory}"`,
    ...load,
    ...asRoot,
    'ServerName localhost',
    `Listen 127.0.0.1:${port}`,
    `DefaultRuntimeDir "${directory}"`,
    `PidFile "${path.join(directory, PID_FILE)}"`,
    `<IfModule cgid_module>\nScriptSock "${path.join(directory, 'cgid.sock')}"\n</IfModule>`,
    ...fcgid.map(() => `FcgidIPCDir "${directory}"\nFcgidProcessTableFile "${directory}/fcgid.shm"`),
    `ErrorLog "${errorLog}"`,
    'LogLevel warn',
    'TypesConfig /dev/null',
    vhost.replaceAll('*:80', `127.0.0.1:${port}`),
    '',
  ].join('\n')
}

function checkConfiguration(binary: string, conf: string): void {
  try {
    execFileSync(binary, ['-t', '-f', conf], { stdio: 'pipe' })
  } catch (error) {
    throw notStarted(String((error as { stderr?: Buffer }).stderr ?? error).trim())
  }
}

/** Apache writes its pid file once it has its port. */
async function listening(directory: string): Promise<void> {
  while (!fs.existsSync(path.join(directory, PID_FILE))) await new Promise(resolve => setTimeout(resolve, 20))
}

/** In a process group of its own, so that Ctrl-C in the terminal reaches us and not Apache. */
async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null) child.kill('SIGTERM')
  await ended
}

function readLastLines(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' | ') : ''
}

function notStarted(reason: string): ApacheError {
  return new ApacheError({ en: `Apache did not start: ${reason}`, zh: `Apache 未能启动：${reason}` })
}
