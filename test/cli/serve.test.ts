import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import { checkout, lineOf, start, weixin } from './weixin.ts'

const directory = checkout(t)
const environment = { WEIXIN_TOKEN: 't' }

/** Unix sockets have short names: tap's own folders are too deep. */
function socketPath(t: Test): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-'))
  t.teardown(() => fs.rmSync(folder, { recursive: true }))
  return path.join(folder, 's.sock')
}

t.test('several workers listen on one socket of mode 0660, and SIGTERM ends them all with 0', async t => {
  const socket = socketPath(t)
  const serving = start(directory, ['serve', '--listen', socket, '--workers', '2'], environment)
  const pids = new Set<string>()
  await new Promise<void>(resolve => {
    createInterface({ input: serving.stderr }).on('line', line => {
      pids.add(/listening address=\S+ pid=(\d+)/.exec(line)?.[1] ?? line)
      if (pids.size === 2) resolve()
    })
  })
  t.equal((fs.statSync(socket).mode & 0o777).toString(8), '660')
  serving.kill('SIGTERM')
  const [code] = await once(serving, 'exit')
  t.equal(code, 0)
  for (const pid of pids) t.throws(() => process.kill(Number(pid), 0), { code: 'ESRCH' }, 'the worker has ended')
  t.notOk(fs.existsSync(socket), 'the socket is gone')
})

t.test('a worker that is killed is replaced', async t => {
  const serving = start(directory, ['serve', '--listen', socketPath(t)], environment)
  const first = await lineOf(serving, /listening/)
  process.kill(Number(/pid=(\d+)/.exec(first)?.[1]), 'SIGKILL')
  t.match(await lineOf(serving, /ended/), /^weixin: worker \d+ ended \(SIGKILL\), starting another$/)
  t.not(await lineOf(serving, /listening/), first)
  serving.kill('SIGTERM')
  t.strictSame(await once(serving, 'exit'), [0, null])
})

t.test('a worker that a handler has broken is replaced as well', async t => {
  const bundle = path.join(directory, 'dist', 'responder.cjs')
  const broken = checkout(t)
  // What a handler's stray rejection amounts to: the process listens, and ends with 1.
  const text = fs.readFileSync(bundle, 'utf8')
  fs.writeFileSync(
    path.join(broken, 'dist', 'responder.cjs'),
    `${text}\nsetTimeout(() => Promise.reject(new Error('stray')), 300)`,
  )
  const serving = start(broken, ['serve', '--listen', socketPath(t)], environment)
  t.match(await lineOf(serving, /ended/), /^weixin: worker \d+ ended \(1\), starting another$/)
  serving.kill('SIGTERM')
  t.strictSame(await once(serving, 'exit'), [0, null])
})

t.test('a socket on which somebody listens is not taken over, one that is stale is', async t => {
  const socket = socketPath(t)
  const serving = start(directory, ['serve', '--listen', socket], environment)
  await lineOf(serving, /listening/)
  const second = await weixin(directory, ['serve', '--listen', socket], environment)
  t.equal(second.code, 2)
  t.match(second.stderr, new RegExp(`^weixin: cannot listen on ${socket}: `))
  serving.kill('SIGKILL')
  await once(serving, 'exit')
  t.ok(fs.existsSync(socket), 'the killed process left its socket')
  const third = start(directory, ['serve', '--listen', socket], environment)
  t.match(await lineOf(third, /listening/), socket)
  third.kill('SIGTERM')
  t.strictSame(await once(third, 'exit'), [0, null])
})

t.test('what is wrong is said before anything listens, and the exit code is 2', async t => {
  const refused = async (words: string[], variables: Record<string, string> = environment) => {
    const { code, stderr } = await weixin(directory, ['serve', ...words], variables)
    t.equal(code, 2)
    return stderr
  }
  t.match(await refused([], {}), /^weixin: "token" is missing; .*npm start makes a first one\)\n$/)
  t.match(await refused(['--workers', '0']), /^weixin: --workers 0: a whole number from 1 to 64 is permitted\n$/)
  t.match(await refused(['--listen', 'nowhere']), /^weixin: cannot listen on "nowhere": write \/path\.sock, /)
  t.match(await refused(['--listen', '/nonexistent/s.sock']), /^weixin: cannot listen on .*: its directory does not/)
})
