import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'
import {
  type Apache,
  findApache,
  type PrivateApache,
  type PrivateApacheOptions,
  startPrivateApache,
} from '../../src/cli/trial/private-apache.ts'
import { lineOf } from '../cli/weixin.ts'
import { BUNDLES, copySnapshot, projectDirectory } from '../project.ts'

/** A folder as an admin would have it: the shipped files, the built responder, a configuration, nothing else. */
export interface Deployment {
  readonly directory: string
  /** A place for sockets and Apache's own files. */
  readonly scratch: string
}

/** The user that Apache's children run as, when we are root. */
export const webUser = process.getuid?.() === 0 ? userNamed('www-data') : undefined

/** Copies what is deployed to a folder that the web server's user can read; it goes when the test ends. */
export function deploy(t: Test, config: object): Deployment {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-'))
  t.teardown(() => fs.rmSync(scratch, { recursive: true, force: true }))
  const directory = path.join(scratch, 'project')
  for (const name of ['cgi-bin', 'apache', 'src', 'package.json', ...BUNDLES]) {
    fs.cpSync(path.join(projectDirectory, name), path.join(directory, name), { recursive: true })
  }
  copySnapshot(directory)
  const file = path.join(directory, 'weixin.config.json')
  fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
  fs.mkdirSync(path.join(directory, 'var'))
  fs.writeFileSync(path.join(directory, 'var', 'private.txt'), 'private')
  fs.chmodSync(scratch, 0o755)
  if (webUser) {
    const state = path.join(directory, 'var')
    for (const owned of [file, scratch, state, path.join(state, 'private.txt')])
      fs.chownSync(owned, webUser.uid, webUser.gid)
  }
  return { directory, scratch }
}

/** One of the files in `apache/`, with the paths of a deployment and of this machine's tests. */
export function vhostOf(file: string, { directory, scratch }: Deployment, backend = ''): string {
  return (
    fs
      .readFileSync(path.join(directory, 'apache', file), 'utf8')
      .replaceAll(/^#.*\n/gm, '')
      .replaceAll('d:/wamp/www/weixin', directory)
      .replaceAll('/srv/weixin', directory)
      // The Node that runs the tests, not the one that is installed.
      .replace('FcgidInitialEnv PATH ', `$&${path.dirname(process.execPath)}:`)
      .replaceAll('/run/weixin/weixin.sock', path.join(scratch, 'weixin.sock'))
      .replaceAll('127.0.0.1:9000', backend)
      // The one directive that only Apache on Windows knows.
      .replace('ScriptInterpreterSource Script', '')
  )
}

/** Apache, or the reason why there is none: in CI that is a failure, elsewhere a skipped test that says so. */
export function requireApache(t: Test): Apache | undefined {
  const apache = findApache()
  if (!apache && process.env['CI']) t.fail('Apache with mod_proxy_fcgi must be installed in CI')
  else if (!apache) t.comment('skipped: Apache with mod_proxy_fcgi is not installed (apt-get install apache2)')
  return apache
}

/** A private Apache for one shipped configuration; it ends with the test. */
export async function startApache(
  t: Test,
  apache: Apache,
  deployment: Deployment,
  vhost: string,
  modules: Pick<PrivateApacheOptions, 'mpm' | 'cgiModule'> = {},
): Promise<PrivateApache> {
  const running = await startPrivateApache({
    apache,
    directory: deployment.scratch,
    vhost,
    port: await freePort(),
    ...modules,
  })
  t.teardown(async () => {
    await running.stop()
    if (!t.passing()) t.comment(fs.readFileSync(running.errorLog, 'utf8'))
  })
  return running
}

/** A FastCGI responder of the deployment, listening; it ends with the test. */
export async function startResponder(
  t: Test,
  { directory }: Deployment,
  listen: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path.join(directory, 'cgi-bin', 'weixin'), '--listen', listen], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    // The socket then belongs to the group that Apache is in.
    ...(webUser && { gid: webUser.gid }),
  })
  const ended = new Promise(resolve => child.once('exit', resolve))
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
  })
  await lineOf(child, /listening/)
  return child
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function userNamed(name: string): { readonly uid: number; readonly gid: number } | undefined {
  const line = fs.readFileSync('/etc/passwd', 'utf8').match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm'))
  return line ? { uid: Number(line[1]), gid: Number(line[2]) } : undefined
}
