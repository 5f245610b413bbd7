import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { race, scratch, startRacer } from '../store/processes.ts'
import type { CarrierOptions, Moment } from './carrier.ts'
import { startUpstream, tokenNumber } from './fake-upstream.ts'
import { filesIn, place, provider } from './provider.ts'

const CARRIER = fileURLToPath(new URL('./carrier.js', import.meta.url))
const isRoot = process.geteuid?.() === 0
const windows = process.platform === 'win32'
const NOBODY = 65534
const HOUR = 3_600_000

function carry(t: Test, count: number, options: CarrierOptions): Promise<string[][]> {
  return race(t, count, CARRIER, [JSON.stringify(options)])
}

/** The file that holds the value of the token: the longest. */
function tokenFile(directory: string): string {
  const files = filesIn(directory).map(name => path.join(directory, name))
  return files.sort((a, b) => fs.statSync(b).size - fs.statSync(a).size)[0] ?? ''
}

/** Leaves a token in the store that was fetched so many milliseconds ago. */
async function seed(directory: string, base: string, age: number): Promise<void> {
  await provider(directory, base, { now: () => Date.now() - age }).get()
}

t.test('100 processes that start without a token fetch one', async t => {
  const { base, questions } = await startUpstream(t)
  const tokens = await carry(t, 100, { directory: place(t), base })
  t.equal(questions.length, 1)
  t.strictSame(tokens.flat(), Array(100).fill(tokenNumber(1)))
})

t.test('100 processes that find a token that has just ended fetch one', async t => {
  const { base, questions } = await startUpstream(t)
  const directory = place(t)
  await seed(directory, base, 7_200_000)
  const tokens = await carry(t, 100, { directory, base })
  t.equal(questions.length, 2)
  t.strictSame(tokens.flat(), Array(100).fill(tokenNumber(2)))
})

t.test('of 32 processes that find a token about to end one renews it, and none goes without', async t => {
  const { base, questions } = await startUpstream(t)
  const directory = place(t)
  await seed(directory, base, 7_200_000 - 100_000)
  const tokens = await carry(t, 32, { directory, base })
  t.equal(questions.length, 2)
  t.strictSame([...new Set([tokenNumber(1), tokenNumber(2), ...tokens.flat()])], [tokenNumber(1), tokenNumber(2)])
  t.equal(tokens.flat().length, 32)
  t.equal((await provider(directory, base).get()).value, tokenNumber(2))
})

for (const [what, content] of Object.entries({
  truncated: '[17000000',
  empty: '',
  'of a clock ten years ahead': JSON.stringify([Date.now() + 1e12, Date.now() + 2e12, '{}']),
  'one that ends in ten years': JSON.stringify([
    Date.now(),
    Date.now() + 3e11,
    JSON.stringify({ value: 'x'.repeat(136), expires: Date.now() + 3e11, fetched: Date.now() }),
  ]),
})) {
  t.test(`8 processes that find a token file that is ${what} fetch one`, async t => {
    const { base, questions } = await startUpstream(t)
    const directory = place(t)
    await seed(directory, base, 0)
    fs.writeFileSync(tokenFile(directory), content)
    const tokens = await carry(t, 8, { directory, base })
    t.equal(questions.length, 2)
    t.strictSame(tokens.flat(), Array(8).fill(tokenNumber(2)))
    if (!windows) t.equal(fs.statSync(tokenFile(directory)).mode & 0o777, 0o600)
  })
}

for (const [moment, calls] of [
  ['after the lease', 1],
  ['after the fetch', 2],
  ['before the rename', 2],
  ['after the rename', 1],
] as const satisfies readonly (readonly [Moment, number])[]) {
  t.test(`when the one that fetches is killed ${moment}, the others have one token in common`, async t => {
    const { base, questions } = await startUpstream(t)
    const directory = place(t)
    const victim = path.join(scratch(t), 'victim')
    const tokens = await carry(t, 8, { directory, base, lease: 300, moment, victim })
    t.equal(fs.existsSync(victim), true)
    t.equal(questions.length, calls)
    t.strictSame(tokens.flat(), Array(7).fill(tokenNumber(calls)))
    const left = filesIn(directory)
    t.ok(left.length <= 6, `${left.length} files are left`)
    t.equal((await provider(directory, base).get()).value, tokenNumber(calls))
  })
}

t.test(
  'one that is stopped with its answer, for longer than its lease, does not overwrite the newer token',
  { skip: windows },
  async t => {
    const { base, questions } = await startUpstream(t)
    const directory = place(t)
    const victim = path.join(scratch(t), 'victim')
    const options = { directory, base, lease: 300, moment: 'after the fetch', signal: 'SIGSTOP', victim } as const
    const racers = await Promise.all(Array.from({ length: 8 }, () => startRacer(t, CARRIER, [JSON.stringify(options)])))
    for (const { start } of racers) start()
    // The stopped one cannot end. The others do, after one of them has waited for the end of the lease.
    let running = racers.length
    await new Promise<void>(resolve => {
      for (const { finished } of racers) finished.then(() => --running === 1 && resolve())
    })
    t.equal(questions.length, 2)
    const before = fs.readFileSync(tokenFile(directory), 'utf8')
    process.kill(Number(fs.readFileSync(victim, 'utf8')), 'SIGCONT')
    const tokens = await Promise.all(racers.map(({ finished }) => finished))
    t.strictSame(tokens.flat(), Array(8).fill(tokenNumber(2)))
    t.equal(fs.readFileSync(tokenFile(directory), 'utf8'), before)
    t.equal(questions.length, 2)
  },
)

t.test('1000 tokens leave neither files nor descriptors behind', async t => {
  const { base, questions } = await startUpstream(t)
  const directory = place(t)
  const { get, invalidate } = provider(directory, base)
  await invalidate((await get()).value)
  const descriptors = () => (windows ? 0 : fs.readdirSync('/dev/fd').length)
  const before = descriptors()
  for (let i = 0; i < 1000; i++) await invalidate((await get()).value)
  t.equal(questions.length, 1001)
  t.ok(descriptors() - before < 10)
  t.ok(filesIn(directory).length <= 6)
})

t.test('two accounts in one directory have each their token', async t => {
  const { base, questions } = await startUpstream(t)
  const directory = place(t)
  const [first, second] = await Promise.all([
    carry(t, 8, { directory, base, appId: 'wx0000000000000001' }),
    carry(t, 8, { directory, base, appId: 'wx0000000000000002' }),
  ])
  t.equal(questions.length, 2)
  t.strictSame(first.flat(), Array(8).fill(first[0]?.[0]))
  t.strictSame(second.flat(), Array(8).fill(second[0]?.[0]))
  t.not(first[0]?.[0], second[0]?.[0])
})

/** A disk of 64 KiB, or why there is none. */
function smallDisk(t: Test): { readonly directory: string } | { readonly reason: string } {
  if (!isRoot) return { reason: 'needs root to mount a small disk' }
  const directory = scratch(t)
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', directory])
  if (status !== 0) return { reason: `cannot mount a small disk: ${error ?? stderr}` }
  t.teardown(() => spawnSync('umount', [directory]))
  return { directory }
}

t.test('on a full disk a token is served, and the one that is stored stays whole', async t => {
  const disk = smallDisk(t)
  if ('reason' in disk) return void t.pass('needs a small disk', { skip: disk.reason })
  const { base, questions } = await startUpstream(t)
  const directory = path.join(disk.directory, 'store')
  await seed(directory, base, 7_200_000 - 100_000)
  const before = fs.readFileSync(tokenFile(directory), 'utf8')
  const filler = fs.openSync(path.join(disk.directory, 'filler'), 'w')
  t.throws(() => fs.writeSync(filler, Buffer.alloc(65_536)) && fs.writeSync(filler, Buffer.alloc(65_536)), {
    code: 'ENOSPC',
  })
  fs.closeSync(filler)
  const lines: string[] = []
  t.equal((await provider(directory, base, { lines }).get()).value, tokenNumber(1))
  t.equal(questions.length, 1)
  t.match(lines, [/^weixin warn: cannot use .*: the disk is full; make room$/])
  t.equal(fs.readFileSync(tokenFile(directory), 'utf8'), before)

  const later = { now: () => Date.now() + 100_000 }
  const { get } = provider(directory, base, later)
  t.equal((await get()).value, tokenNumber(2))
  t.equal((await get()).value, tokenNumber(2))
  t.equal(fs.readFileSync(tokenFile(directory), 'utf8'), before)
  fs.unlinkSync(path.join(disk.directory, 'filler'))
  t.equal((await provider(directory, base, later).get()).value, tokenNumber(3))
  t.equal((await provider(directory, base, later).get()).value, tokenNumber(3))
})

t.test('on a read-only disk a token is served', async t => {
  const disk = smallDisk(t)
  if ('reason' in disk) return void t.pass('needs a small disk', { skip: disk.reason })
  const { base, questions } = await startUpstream(t)
  const directory = path.join(disk.directory, 'store')
  await seed(directory, base, 0)
  t.equal(spawnSync('mount', ['-o', 'remount,ro', disk.directory]).status, 0)
  const lines: string[] = []
  t.equal((await provider(directory, base, { lines }).get()).value, tokenNumber(1))
  t.strictSame(lines, [])
  const { get } = provider(directory, base, { lines, now: () => Date.now() + 3 * HOUR })
  t.equal((await get()).value, tokenNumber(2))
  t.equal((await get()).value, tokenNumber(2))
  t.equal(questions.length, 2)
  t.match(lines, [/the file system is read-only; set "store" to a directory elsewhere/])
})

t.test('in a directory that may not be written to a token is served', { skip: windows }, async t => {
  const { base, questions } = await startUpstream(t)
  const parent = scratch(t)
  const directory = path.join(parent, 'store')
  await seed(directory, base, 7_200_000)
  const names = ['', ...fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })]
  const uid = isRoot ? NOBODY : process.geteuid?.()
  fs.chmodSync(parent, 0o711)
  for (const name of names.reverse()) {
    const file = path.join(directory, name)
    if (isRoot) fs.chownSync(file, NOBODY, NOBODY)
    if (fs.statSync(file).isDirectory()) fs.chmodSync(file, 0o500)
  }
  t.teardown(() => {
    for (const name of names) fs.chmodSync(path.join(directory, name), 0o700)
  })
  const racer = await startRacer(t, CARRIER, [JSON.stringify({ directory, base })], uid)
  racer.start()
  const [line, token] = await racer.finished
  t.match(line, /^weixin warn: cannot use .*: permission denied; give the directory/)
  t.equal(token, tokenNumber(2))
  t.equal(questions.length, 2)
})

t.test(
  'a process that has no descriptors left serves its token from memory, and the store later',
  { skip: windows },
  async t => {
    const { base } = await startUpstream(t)
    const directory = place(t)
    let passed = 0
    let isExhausted = false
    const exhausted = (name: 'openSync' | 'readdirSync') => ({
      [name]: (...args: never[]) => {
        if (isExhausted) throw Object.assign(new Error('EMFILE'), { code: 'EMFILE', path: directory })
        return (fs[name] as (...args: never[]) => unknown)(...args)
      },
    })
    const files = { ...fs, ...exhausted('openSync'), ...exhausted('readdirSync') } as typeof fs
    const lines: string[] = []
    const { get } = provider(directory, base, { files, lines, now: () => Date.now() + passed })
    await get()
    passed = 2000
    isExhausted = true
    t.equal((await get()).value, tokenNumber(1))
    t.match(lines, [/too many files are open/])
    isExhausted = false
    passed = 4000
    t.equal((await get()).value, tokenNumber(1))
  },
)

for (const [times, stored] of [
  [3, true],
  [Number.POSITIVE_INFINITY, false],
] as const) {
  t.test(
    `where a rename fails with EPERM ${stored ? 'some times' : 'for ever'}, as on Windows, a token is served`,
    async t => {
      const { base, questions } = await startUpstream(t)
      const directory = place(t)
      let left = 0
      const files = {
        ...fs,
        renameSync(from: fs.PathLike, to: fs.PathLike) {
          if (left-- > 0) throw Object.assign(new Error('EPERM'), { code: 'EPERM', path: String(from) })
          fs.renameSync(from, to)
        },
      }
      const { get } = provider(directory, base, { files, windows: true, pause: async () => {} })
      left = times
      t.equal((await get()).value, tokenNumber(1))
      t.equal((await get()).value, tokenNumber(1))
      t.equal((await provider(directory, base).get()).value, tokenNumber(stored ? 1 : 2))
      t.equal(questions.length, stored ? 1 : 2)
    },
  )
}

t.test('a symbolic link in the place of the token is neither read nor written through', { skip: windows }, async t => {
  const { base } = await startUpstream(t)
  const directory = place(t)
  await seed(directory, base, 0)
  const file = tokenFile(directory)
  const target = path.join(scratch(t), 'target')
  fs.renameSync(file, target)
  fs.symlinkSync(target, file)
  const before = fs.readFileSync(target, 'utf8')
  const lines: string[] = []
  t.equal((await provider(directory, base, { lines }).get()).value, tokenNumber(2))
  t.match(lines, [/it was a symbolic link, which is not followed; the link has been removed/])
  t.equal((await provider(directory, base, { lines }).get()).value, tokenNumber(2), 'the entry can be used again')
  t.equal(lines.length, 1)
  t.equal(fs.readFileSync(target, 'utf8'), before)
})

t.test(
  'a directory of another user is not used, and a token is served',
  { skip: !isRoot && 'needs root to give a directory away' },
  async t => {
    const { base } = await startUpstream(t)
    const directory = place(t)
    await seed(directory, base, 0)
    fs.chmodSync(path.dirname(directory), 0o711)
    const before = filesIn(directory)
    const racer = await startRacer(t, CARRIER, [JSON.stringify({ directory, base })], NOBODY)
    racer.start()
    const [line, token] = await racer.finished
    t.match(line, /give (it|the directory and everything in it) to the user that the web server runs as/)
    t.equal(token, tokenNumber(2))
    t.strictSame(filesIn(directory), before)
  },
)

t.test(
  'what a command that root runs has stored can be used by the web server',
  { skip: !isRoot && 'needs root' },
  async t => {
    const { base, questions } = await startUpstream(t)
    const directory = place(t)
    fs.mkdirSync(directory, 0o700)
    fs.chownSync(directory, NOBODY, NOBODY)
    fs.chmodSync(path.dirname(directory), 0o711)
    await provider(directory, base).get()
    const racer = await startRacer(t, CARRIER, [JSON.stringify({ directory, base })], NOBODY)
    racer.start()
    t.strictSame(await racer.finished, [tokenNumber(1)])
    t.equal(questions.length, 1)
  },
)
