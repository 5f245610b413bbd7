import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { checks } from '../../src/doctor/checks/index.ts'
import { requireApache } from './deployment.ts'
import { examine, install } from './doctor-report.ts'

const makeFolder = (file: string) => void fs.mkdirSync(file)
const makeLoop = (file: string) => fs.symlinkSync(file, file)
const makePipe = (file: string) => void execFileSync('mkfifo', [file])
const writeBytes = (file: string) => fs.writeFileSync(file, Buffer.from(Array.from({ length: 999 }, (_, at) => at * 7)))

/** Most of the time goes by with waiting for scripts that do not answer. */
t.jobs = 3

const FILES = ['weixin.config.json', 'cgi-bin/weixin', 'dist/node', 'dist/responder.cjs', 'var']

for (const name of requireApache(t) ? FILES : []) {
  t.test(`whatever lies in the place of ${name}, the doctor ends with a verdict`, async t => {
    const deployment = await install(t, {})
    const { directory, scratch } = deployment
    const whole = path.join(scratch, 'whole')
    execFileSync('cp', ['-a', directory, whole])
    for (const put of [makeFolder, makeLoop, writeBytes, ...(name.endsWith('.json') ? [makePipe] : [])]) {
      const file = path.join(directory, name)
      fs.rmSync(file, { recursive: true, force: true })
      put(file)
      const { code, all, findings } = await examine(deployment)
      t.ok(findings.length >= checks.length, put.name)
      t.ok(code === 0 || code === 1)
      t.notMatch(all, /could not be checked/)
      fs.rmSync(directory, { recursive: true })
      execFileSync('cp', ['-a', whole, directory])
    }
  })
}
