/**
 * `npm run test:windows`: what touches paths, files, processes and the environment, under the real node.exe. The project
 * lies where an admin of wamp might have it, in a folder with a blank and Chinese characters.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createReport } from '../nodes/report.ts'
import { type Ran, runTestFile } from '../nodes/test-file.ts'
import { projectDirectory } from '../project.ts'
import { findNodeExe, type NodeExe } from './node-exe.ts'

/** Files of the suite that run anywhere, and those of this folder. */
const UNDER_NODE_EXE = [
  'windows/cgi',
  'windows/commands',
  'windows/store',
  'windows/token',
  'windows/serve',
  'windows/proxies',
  'config/load',
  'config/rules',
  'responder/cgi',
  'responder/configuration',
  'responder/launcher',
  'store/ledger',
  'rules/source',
  'gateway/detect',
  'gateway/http',
  'token/provider',
  'token/provider-clock',
  'token/provider-failure',
  'token/provider-lease',
  'token/provider-store',
  'token/endpoints',
  'client/download',
  'cli/main',
  'cli/init',
  'cli/doctor',
  'cli/send',
  'cli/token',
  'cli/api',
  'cli/menu',
  'cli/media',
  'cli/qrcode',
  'cli/quota',
  'cli/users',
]
/** What needs something of this machine as well: its Apache in front of a responder on Windows, its compiler. */
const HERE = ['windows/apache', 'windows/line-ends']
const AT_ONCE = 2
/** Milliseconds; none of the files takes a third of it. */
const PATIENCE = 90_000
/** How often a file is run again. */
const AGAIN = 2

const report = createReport(line => process.stdout.write(`${line}\n`))
const nodeExe = findNodeExe()
if (nodeExe) await runAll(nodeExe)
else if (process.env['CI']) {
  report.add('node.exe', { output: 'not ok - wine must be installed in CI', succeeded: false, milliseconds: 0 })
} else report.skip('node.exe', 'Wine is not installed (apt-get install wine)')
process.exitCode = report.end() ? 0 : 1

async function runAll(nodeExe: NodeExe): Promise<void> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-windows-'))
  // Apache's user reads what is in it.
  fs.chmodSync(scratch, 0o755)
  const directory = path.join(scratch, 'wamp www', '微信')
  copyProject(directory)
  const waiting = [...UNDER_NODE_EXE.map(name => ({ name, here: false })), ...HERE.map(name => ({ name, here: true }))]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      await runOne(next.name, next.here, directory, nodeExe)
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true })
  }
}

async function runOne(name: string, here: boolean, directory: string, nodeExe: NodeExe): Promise<void> {
  const file = path.join('dist', 'test', `${name}.test.js`)
  const environment = { ...nodeExe.environment, CI: process.env['CI'] }
  const under = { ...nodeExe, file: file.replaceAll('/', '\\'), directory, environment, patience: PATIENCE }
  const run = () =>
    runTestFile(here ? { command: [process.execPath], file, directory, environment: process.env } : under)
  let ran = await run()
  for (let left = AGAIN; left > 0 && isWinesFault(ran); left--) {
    report.comment(`${name}: Wine lost a process; once more`)
    ran = await run()
  }
  report.add(`${here ? 'beside node.exe' : 'node.exe'}: ${name}`, ran)
}

/** On a busy machine Wine now and then loses a process that it starts. Whatever hangs on Windows itself has failed. */
function isWinesFault({ hung, output }: Ran): boolean {
  return process.platform !== 'win32' && (hung === true || output.includes('spawn UNKNOWN'))
}

/** The compiled project and its packages; what tests write stays in the copy. */
function copyProject(directory: string): void {
  for (const name of ['apache', 'cgi-bin', 'dist', 'src', 'templates', 'test/fixtures', 'package.json', '.taprc']) {
    fs.cpSync(path.join(projectDirectory, name), path.join(directory, name), { recursive: true })
  }
  linkPackages(path.join(projectDirectory, 'node_modules'), path.join(directory, 'node_modules'))
}

/**
 * To Wine a link is a folder like any other: `tap build` leaves one in a package of tap's through which node.exe would load the
 * core of tap a second time. That package is copied without it.
 */
function linkPackages(from: string, to: string): void {
  const copied = path.join('@tapjs', 'test')
  const loop = path.join(from, copied, 'test-built', 'node_modules')
  fs.mkdirSync(path.join(to, '@tapjs'), { recursive: true })
  const names = fs.readdirSync(from).filter(name => name !== '@tapjs' && !name.startsWith('.'))
  const tapNames = fs.readdirSync(path.join(from, '@tapjs')).map(name => path.join('@tapjs', name))
  for (const name of [...names, ...tapNames].filter(name => name !== copied)) {
    fs.symlinkSync(path.join(from, name), path.join(to, name), 'junction')
  }
  fs.cpSync(path.join(from, copied), path.join(to, copied), { recursive: true, filter: file => file !== loop })
}
