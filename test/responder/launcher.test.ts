import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { checkout } from '../cli/weixin.ts'

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
