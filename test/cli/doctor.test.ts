import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { doctor } from '../../src/cli/doctor.ts'
import { fakeTerminal } from './fake-terminal.ts'
import { checkout, weixin } from './weixin.ts'

const directory = checkout(t)

/** Runs the command at a terminal of its own. */
async function run(words: string[], language: 'en' | 'zh' = 'en') {
  const terminal = fakeTerminal(directory, undefined, language)
  const code = await doctor.run(words, terminal)
  return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') }
}

t.test('an error code is explained in the reader’s language, one with a minus as well', async t => {
  t.strictSame(await run(['--explain', '40164']), {
    code: 0,
    out: '40164: the address that the call comes from is not in the IP whitelist\n→ enter the address of errmsg in the API IP whitelist of the console',
    err: '',
  })
  t.match(await run(['--explain', '-40001'], 'zh'), { code: 0, out: /^-40001：签名校验失败\n→ 请检查配置中的 Token/ })
  t.match(await run(['--explain', '配置失败'], 'zh'), { code: 0, out: /^后台校验 URL 失败/ })
  t.match(await run(['--explain', '503', '--json']), { code: 0, out: /"zh": "HTTP 503：Apache 无法连接服务"/ })
})

t.test('what nobody knows is exit code 1', async t => {
  t.match(await run(['--explain', 'the coffee is cold']), { code: 1, out: '', err: /nothing is known of that/ })
})

const LOG = `[Sun Nov 22 10:00:01.000001 2026] [proxy:error] [pid 2] (111)Connection refused: AH01079: failed to make connection to backend
2026-11-22T10:00:02.000Z weixin warn: the timestamp is too far from our clock status=403 reason=replay openid=oSECRET
2026-11-22T10:00:03.000Z weixin warn: the timestamp is too far from our clock status=403 reason=replay
`

t.test('a log is explained, from a file or the standard input, the most frequent first', async t => {
  const file = path.join(t.testdir(), 'error.log')
  fs.writeFileSync(file, LOG)
  const { code, out } = await run(['--log', file])
  t.equal(code, 0)
  t.match(out, /^ {5}2 × the timestamp is too far.*\n.*\n +→ set this clock right.*\n {5}1 × the service does not run/)
  t.notMatch(out, 'oSECRET')

  const cli = path.join(directory, 'dist', 'cli.js')
  const read = execFileSync(process.execPath, [cli, 'doctor', '--log', '-', '--json'], { input: LOG, encoding: 'utf8' })
  t.match(JSON.parse(read), [
    { count: 2, weight: 'warning' },
    { count: 1, what: { zh: /服务没有运行/ } },
  ])
})

t.test('a mistake in the command is exit code 2', async t => {
  await t.rejects(run(['--log', '/no/such/file']), { message: 'cannot read /no/such/file: ENOENT' })
  await t.rejects(run(['--url', 'weixin.example.com']), { message: /^--url weixin\.example\.com: http/ })
  t.match(await weixin(directory, ['doctor', '--nonsense']), { code: 2, stderr: /Usage: weixin doctor/ })
  t.match(await weixin(directory, ['doctor', '--help']), { code: 0, stdout: /^Usage: weixin doctor/ })
})

t.test('the examination is a line for each finding, and ends with where to begin', async t => {
  const folder = t.testdir()
  const { code, stdout, stderr } = await weixin(directory, ['doctor', '--offline', '--apache', folder])
  t.equal(code, 1)
  t.equal(stderr, '')
  t.match(stdout, /^✓ node +v\d+\.\d+\.\d+, (\/|[A-Z]:\\)/m)
  t.match(stdout, /^✗ config +"token" is missing.*\n +→ weixin init asks/m)
  t.match(stdout, /^– pipe +not judged because of “config” \(configuration\)$/m)
  t.match(stdout, /\nBegin with “config” \(configuration\)\.\n$/)
})

t.test('JSON holds both languages and the first cause', async t => {
  const words = ['doctor', '--json', '--offline', '--apache', t.testdir()]
  const { code, stdout } = await weixin(directory, words)
  t.equal(code, 1)
  t.match(JSON.parse(stdout), {
    state: 'failure',
    first: 'config',
    findings: [{ name: 'node', state: 'ok', title: { en: 'Node', zh: 'Node 版本' }, todo: null }],
  })
})
