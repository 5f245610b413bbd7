import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { checkout } from '../cli/weixin.ts'
import { scratch } from '../gateway/launch.ts'

const NEUTRAL =
  'Status: 500 Internal Server Error\r\nContent-Type: text/plain\r\nContent-Length: 15\r\n\r\ninternal error\n'

function launch(directory: string) {
  const env = { REQUEST_METHOD: 'GET', WEIXIN_TOKEN: 't' }
  return spawnSync(process.execPath, [path.join(directory, 'cgi-bin', 'weixin')], { env, encoding: 'utf8' })
}

t.test('before it was built, the script says what to run', async t => {
  const directory = checkout(t)
  fs.rmSync(path.join(directory, 'dist', 'responder.cjs'))
  const { status, stdout, stderr } = launch(directory)
  t.equal(status, 2)
  t.equal(stdout, NEUTRAL)
  t.match(stderr, /^weixin error: .*responder\.cjs is missing: run "npm run build" in .*\n$/)
})

t.test('handlers that cannot be written down like that are a neutral 500 and a line for the owner', async t => {
  const directory = checkout(t)
  const mistake = "throw Object.assign(new Error('on(\"txet\"): no such query'), { zh: '没有这个查询' })"
  fs.appendFileSync(path.join(directory, 'dist', 'responder.cjs'), `\n${mistake}\n`)
  const { status, stdout, stderr } = launch(directory)
  t.equal(status, 2)
  t.equal(stdout, NEUTRAL)
  t.equal(stderr, 'weixin error: on("txet"): no such query\n')
})

const exchanged: Readonly<Record<string, (node: string) => void>> = {
  'nothing stands in its place': () => {},
  'it is not written to its end': node => {
    fs.writeFileSync(node, '#!/bin/sh\n', { mode: 0o755 })
    // What somebody has open to write, Linux does not start.
    fs.openSync(node, 'r+')
  },
}

for (const [what, remove] of Object.entries(exchanged)) {
  for (const [how, environment, wanted] of [
    ['a request', ['REQUEST_METHOD=GET', 'WEIXIN_TOKEN=t'], /^Status: 403 /],
    ['a service', ['WEIXIN_TOKEN=t'], /^This program is started by a web server /],
  ] as const) {
    t.test(
      `while Node is being exchanged and ${what}, ${how} waits for it`,
      { skip: process.platform !== 'linux' && 'there the shell does not start Node' },
      t => {
        const directory = checkout(t)
        const folder = scratch(t)
        const node = path.join(folder, 'node')
        fs.writeFileSync(path.join(directory, 'dist', 'node'), `${node}\n`)
        remove(node)
        // Whoever waits finds nothing to wait with but this.
        const sleep = `#!/bin/sh\nPATH=/usr/bin:/bin\nln -s "${process.execPath}" "${node}.new"\nmv "${node}.new" "${node}"\n`
        fs.writeFileSync(path.join(folder, 'sleep'), sleep, { mode: 0o755 })
        const script = path.join(directory, 'cgi-bin', 'weixin')
        const { stdout, stderr } = spawnSync('env', ['-i', `PATH=${folder}`, ...environment, script], {
          stdio: ['ignore', 'pipe', 'pipe'],
          encoding: 'utf8',
        })
        t.match(stdout || stderr.replace(/^.*Text file busy\n/gm, ''), wanted)
        t.end()
      },
    )
  }
}
