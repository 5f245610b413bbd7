import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import t, { type Test } from 'tap'
import { openListener } from '../../src/gateway/listen.ts'
import { formatListenAddress, parseListenAddress } from '../../src/gateway/listen-address.ts'
import { ListenError } from '../../src/gateway/listen-error.ts'
import { removeStaleSocket } from '../../src/gateway/socket-file.ts'
import { launch, scratch } from './launch.ts'

const umask = (mask: number) => process.umask(mask)

async function open(t: Test, where: string) {
  const listener = await openListener(parseListenAddress(where), { umask })
  t.teardown(() => listener.server.close())
  return listener
}

/** Whether it is `server` that somebody who connects to `file` reaches. */
async function reaches(file: string, server: net.Server): Promise<boolean> {
  const accepted = once(server, 'connection')
  const socket = net.connect(file)
  const [peer] = await accepted
  socket.destroy()
  peer.destroy()
  return true
}

/** A socket file that nobody listens on, as kill -9 leaves it. */
async function staleSocket(file: string): Promise<void> {
  const server = net.createServer().listen(`${file}~`)
  await once(server, 'listening')
  fs.renameSync(`${file}~`, file)
  server.close()
  await once(server, 'close')
}

t.test('an address is written as it is read', async t => {
  for (const text of ['/run/a.sock', 'relative/a.sock', '127.0.0.1:9000', 'localhost:0', '[::1]:65535']) {
    t.equal(formatListenAddress(parseListenAddress(text)), text)
  }
  t.equal(formatListenAddress(parseListenAddress(':9000')), '127.0.0.1:9000')
})

t.test('a unix socket is for its user and group, from the start and whatever the umask', async t => {
  const directory = scratch(t)
  const modes = new Set<string>()
  const watching = fs.watch(directory, (_event, name) => {
    const found = fs.lstatSync(path.join(directory, String(name)), { throwIfNoEntry: false })
    if (found) modes.add((found.mode & 0o777).toString(8))
  })
  const before = process.umask(0)
  t.teardown(() => process.umask(before))
  const { address } = await open(t, path.join(directory, 's'))
  t.equal(address, path.join(directory, 's'))
  t.equal(process.umask(), 0, 'the umask is what it was')
  while (modes.size === 0) await new Promise(resolve => setImmediate(resolve))
  watching.close()
  t.same([...modes], ['660'])
  t.same(fs.readdirSync(directory), ['s'])
})

t.test('a socket that a killed process left is replaced', async t => {
  const file = path.join(scratch(t), 's')
  await staleSocket(file)
  const { server } = await open(t, file)
  t.ok(await reaches(file, server))
})

t.test('the socket of a living process is not stolen', async t => {
  const file = path.join(scratch(t), 's')
  const { server } = await open(t, file)
  await t.rejects(open(t, file), {
    message: `cannot listen on ${file}: another program is listening there; stop it or choose another address`,
  })
  t.ok(await reaches(file, server), 'the first one is still there')
})

t.test('of eight that start at once, one listens', async t => {
  const file = path.join(scratch(t), 's')
  const opened = await Promise.allSettled(Array.from({ length: 8 }, () => open(t, file)))
  t.equal(opened.filter(({ status }) => status === 'fulfilled').length, 1)
  t.same(fs.readdirSync(path.dirname(file)), ['s'])
})

t.test('a socket that takes the place of a stale one, and perhaps its number, is not removed', async t => {
  const file = path.join(scratch(t), 's')
  await staleSocket(file)
  const removed = removeStaleSocket(file)
  // It has looked at the stale socket already, and waits for its attempt to connect.
  fs.unlinkSync(file)
  const successor = net.createServer().listen(file)
  t.teardown(() => successor.close())
  await removed
  t.ok(await reaches(file, successor))
})

t.test('of two processes that start at once over a stale socket, one listens and the other says so', async t => {
  for (let round = 0; round < 6; round++) {
    const file = path.join(scratch(t), 's')
    await staleSocket(file)
    const programs = [1, 2].map(() => launch(t, { argv: ['--listen', file] }))
    const started = await Promise.allSettled(programs.map(program => program.logged('listening address=')))
    t.same(started.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    t.equal(
      programs.find((_, index) => started[index]?.status === 'rejected')?.log(),
      `ListenError: cannot listen on ${file}: another program is listening there; stop it or choose another address\n`,
    )
    for (const { child } of programs) child.kill('SIGKILL')
  }
})

t.test('the lock of a process that was killed while it removed a stale socket is named', async t => {
  const file = path.join(scratch(t), 's')
  await staleSocket(file)
  fs.writeFileSync(`${file}.lock`, '')
  await t.rejects(open(t, file), { message: `cannot listen on ${file}.lock: a program that was killed` })
  fs.unlinkSync(`${file}.lock`)
  const { server } = await open(t, file)
  t.ok(await reaches(file, server))
  t.same(fs.readdirSync(path.dirname(file)), ['s'])
})

t.test('what is not a socket is not removed', async t => {
  const directory = scratch(t)
  const file = path.join(directory, 'file')
  fs.writeFileSync(file, 'precious')
  fs.symlinkSync(file, path.join(directory, 'link'))
  await t.rejects(open(t, file), { message: /not a socket, and it is not removed/ })
  await t.rejects(open(t, path.join(directory, 'link')), { message: /not a socket/ })
  await t.rejects(open(t, `${directory}/`), { message: /not a socket/ })
  t.equal(fs.readFileSync(file, 'utf8'), 'precious')
})

t.test('release removes the socket that is its own', async t => {
  const file = path.join(scratch(t), 's')
  const { release } = await open(t, file)
  release()
  t.notOk(fs.existsSync(file))
  release()
})

t.test('release leaves the socket of a successor, and so does closing', async t => {
  const file = path.join(scratch(t), 's')
  const { server, release } = await open(t, file)
  fs.unlinkSync(file)
  const successor = await open(t, file)
  release()
  server.close()
  await once(server, 'close')
  t.ok(await reaches(file, successor.server))
})

t.test('every error names the address and what to do, in both languages', async t => {
  const directory = scratch(t)
  const taken = net.createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as net.AddressInfo
  fs.writeFileSync(path.join(directory, 'file'), '')
  const rows: readonly [where: string, en: RegExp][] = [
    [`127.0.0.1:${port}`, /another program is listening there/],
    ['192.0.2.1:9000', /this machine does not have that address/],
    [path.join(directory, 'missing', 's'), /its directory does not exist; create it/],
    [path.join(directory, 'file', 's'), /its directory is not a directory/],
    [path.join(directory, 's'.repeat(108 - directory.length)), /107 bytes at most/],
  ]
  for (const [where, en] of rows) {
    const error = await open(t, where).catch(error => error)
    t.type(error, ListenError)
    t.match(error.message, en)
    t.ok(error.message.startsWith(`cannot listen on ${where}: `))
    t.ok(error.zh.startsWith(`无法监听 ${where}：`))
  }
})

t.test('a path of 107 bytes is not too long', async t => {
  const directory = scratch(t)
  const file = path.join(directory, 's'.repeat(107 - directory.length - 1))
  t.equal((await open(t, file)).address, file)
})

t.test(
  'a directory that one may not write to is said to be so',
  { skip: process.getuid?.() === 0 && 'root may write anywhere' },
  async t => {
    const directory = scratch(t)
    fs.chmodSync(directory, 0o500)
    await t.rejects(open(t, path.join(directory, 's')), { message: /permission denied/ })
  },
)

t.test('a second responder on one socket exits with 1 and says why', async t => {
  const file = path.join(scratch(t), 's')
  await launch(t, { argv: ['--listen', file] }).logged('listening')
  const second = launch(t, { argv: ['--listen', file] })
  t.match(await second.exited, { code: 1 })
  t.match(second.log(), 'another program is listening there')
})

t.test('a worker leaves the path to its primary', async t => {
  const file = path.join(scratch(t), 's')
  fs.writeFileSync(file, '')
  await t.rejects(openListener({ path: file }, { umask, shared: true }), {
    message: /another program is listening there/,
  })
  t.ok(fs.existsSync(file))
})
