import fs from 'node:fs'
import path from 'node:path'
import type { Test } from 'tap'
import { weixin } from '../cli/weixin.ts'
import { projectDirectory } from '../project.ts'
import { type Deployment, deploy, freePort, requireApache, startApache, startResponder, vhostOf } from './deployment.ts'
import { ways } from './ways.ts'

export const TOKEN = 'kapokTree2031'
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const APP_SECRET = '0123456789abcdef0123456789abcdef'

/** With everything that an account can have. */
export const FULL = {
  token: TOKEN,
  appId: 'wx00d1e2f3a4b5c6d7',
  appSecret: APP_SECRET,
  aesKey: AES_KEY,
  mode: 'compatible',
}

/** What `weixin doctor --json` prints. */
export interface Report {
  readonly state: string
  readonly first: string | null
  readonly findings: readonly Found[]
  readonly code: number | null
  /** Everything that it printed. */
  readonly all: string
}

interface Found {
  readonly name: string
  readonly state: string
  readonly saw: { readonly en: string; readonly zh: string }
  readonly todo: { readonly en: string; readonly zh: string } | null
}

/** One way in which an installation is broken, and what the doctor has to say first of it. */
export interface Break {
  readonly title: string
  readonly first: string
  readonly says: RegExp
  readonly damage?: (deployment: Deployment) => void
}

/** How an installation is made. */
export interface Making {
  /** The name of one of `ways`; CGI if not given. */
  readonly way?: string
  readonly config?: object
  /** Changes the shipped virtual host. */
  readonly block?: (vhost: string, deployment: Deployment) => string
  /** The environment of the service behind Apache; false leaves the service out. */
  readonly responder?: false | Readonly<Record<string, string>>
}

/** A deployment, Apache in front of it, and the service behind that where the way needs one; they end with the test. */
export async function install(t: Test, making: Making): Promise<Deployment> {
  const { config = { token: TOKEN }, block = vhost => vhost, responder } = making
  const apache = requireApache(t)
  const way = ways.find(({ name }) => name === (making.way ?? 'CGI, mod_cgid'))
  if (!apache || !way) throw new Error(`there is no Apache, or no way ${making.way}`)
  const deployment = deploy(t, config)
  fs.cpSync(path.join(projectDirectory, 'dist', 'cli.js'), path.join(deployment.directory, 'dist', 'cli.js'))
  const backend = `127.0.0.1:${await freePort()}`
  const listen = way.listen === 'unix' ? path.join(deployment.scratch, 'weixin.sock') : backend
  if (way.listen && responder !== false) await startResponder(t, deployment, listen, responder)
  const vhost = vhostOf(way.file, deployment, backend).replace('weixin.example.com', 'localhost')
  await startApache(t, apache, deployment, block(vhost, deployment), way)
  return deployment
}

/** Lines for the virtual host. */
export const inHost = (lines: string) => (vhost: string) => vhost.replace('</VirtualHost>', `${lines}\n</VirtualHost>`)
/** A module in front of it. */
export const load = (module: string) =>
  `<IfModule !${module}_module>\nLoadModule ${module}_module /usr/lib/apache2/modules/mod_${module}.so\n</IfModule>\n`

/** Runs `weixin doctor` as an admin would, on the private Apache. */
export async function examine(
  { directory, scratch }: Deployment,
  words: readonly string[] = ['--offline'],
  environment: Record<string, string> = {},
): Promise<Report> {
  const options = ['doctor', '--apache', scratch, '--json', ...words]
  const { code, stdout, stderr } = await weixin(directory, options, environment)
  return { ...JSON.parse(stdout), code, all: stdout + stderr }
}

/** Whether a report names this cause first, in both languages, and gives no secret away. */
export function namesFirst(t: Test, report: Report, { first, says }: Break): void {
  const found = report.findings.find(({ state }) => state === 'failure')
  t.match(report, { code: 1, state: 'failure', first })
  t.match(`${found?.saw.en} ${found?.todo?.en}`, says)
  t.match(found?.saw.zh, /\p{Script=Han}/u)
  t.match(found?.todo?.zh, /./)
  t.notMatch(report.all, new RegExp(`${TOKEN}|palmTree2032|hushHush99|${APP_SECRET}|${AES_KEY.slice(0, 20)}`))
  t.notMatch(report.all, /could not be checked/)
}
