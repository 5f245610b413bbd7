import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { scratch } from '../store/processes.ts'
import { seed, startCarrier, tokenFile } from './carriers.ts'
import { startUpstream, tokenNumber } from './fake-upstream.ts'
import { place, provider } from './provider.ts'

const isRoot = process.geteuid?.() === 0
const windows = process.platform === 'win32'
const NOBODY = 65534
const HOUR = 3_600_000

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
  const racer = await startCarrier(t, { directory, base }, uid)
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
