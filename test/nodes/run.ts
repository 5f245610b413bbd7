/**
 * `npm run test:nodes [-- --node 24 | --node lts]`: builds the project with each Node that is supported, and runs with it what
 * depends on Node most: the gateways' conformance table, Apache in front of every way, and the restarts.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { projectDirectory } from '../project.ts'
import { fetchNode } from './fetch-node.ts'
import { createReport, type Report } from './report.ts'
import { type Ran, runTestFile } from './test-file.ts'

/** From the oldest that package.json permits to the newest. */
const SUPPORTED = ['20', '22', '24', '26'] as const
const FILES = [
  'gateway/conformance',
  'gateway/cgi',
  'gateway/detect',
  'gateway/listen',
  'gateway/cluster',
  'gateway/http',
  'gateway/fastcgi/connection',
  'gateway/fastcgi/shutdown',
  'build',
  'responder/launcher',
  'responder/cgi',
  'store/file',
  'store/file-errors',
  'store/file-links',
  'store/file-permissions',
  'integration/apache',
  'integration/restart',
]
const SOURCES = ['apache', 'cgi-bin', 'src', 'templates', 'test', 'package.json', 'package-lock.json']

const { values } = parseArgs({ options: { node: { type: 'string', multiple: true, default: [...SUPPORTED] } } })
const report = createReport(line => process.stdout.write(`${line}\n`))
for (const major of values.node.map(name => (name === 'lts' ? newestLts() : name))) await testWith(major, report)
process.exitCode = report.end() ? 0 : 1

/** The newest version that calls itself one with long-term support: that is what most people install. */
function newestLts(): string {
  const isLts = (major: string) =>
    execFileSync(fetchNode('linux', major), ['-p', 'Boolean(process.release.lts)'], { encoding: 'utf8' }) === 'true\n'
  return SUPPORTED.findLast(isLts) ?? SUPPORTED[0]
}

/** With the packages that are here: none of them is made for one Node. */
function build(node: string, directory: string, environment: NodeJS.ProcessEnv): Ran {
  const started = performance.now()
  const { status, stderr } = spawnSync(node, ['src/build.mjs'], { cwd: directory, env: environment, encoding: 'utf8' })
  const outcome = status === 0 ? 'ok' : 'not ok'
  const total = `# { total: 1, ${status === 0 ? 'pass' : 'fail'}: 1 }`
  const output = `${outcome} 1 - src/build.mjs under ${node}\n${stderr.replaceAll(/^(?=.)/gm, '# ')}1..1\n${total}`
  return { output, succeeded: status === 0, milliseconds: Math.round(performance.now() - started) }
}

async function testWith(major: string, report: Report): Promise<void> {
  const node = fetchNode('linux', major)
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-nodes-'))
  // What a script's first line finds is the same Node.
  const environment = { ...process.env, PATH: `${path.dirname(node)}:${process.env['PATH']}` }
  const run = async (file: string) => {
    report.add(`Node ${major}: ${file}`, await runTestFile({ command: [node], file, directory, environment }))
  }
  try {
    fs.chmodSync(directory, 0o755)
    for (const name of [...SOURCES, 'tsconfig.json', '.taprc']) {
      fs.cpSync(path.join(projectDirectory, name), path.join(directory, name), { recursive: true })
    }
    fs.symlinkSync(path.join(projectDirectory, 'node_modules'), path.join(directory, 'node_modules'))
    for (const name of ['dist/src', 'dist/test']) {
      fs.cpSync(path.join(projectDirectory, name), path.join(directory, name), { recursive: true })
    }
    report.add(`Node ${major}: build`, build(node, directory, environment))
    for (const file of FILES) await run(`dist/test/${file}.test.js`)
  } finally {
    fs.rmSync(directory, { recursive: true, force: true })
  }
}
