import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { createFileLedger, type FileLedgerOptions } from '../../src/store/file-ledger.ts'
import { ledgerContract, sharedLedgerContract } from './ledger-contract.ts'
import { scratch } from './processes.ts'

const uid = process.geteuid?.()
const windows = process.platform === 'win32'
const NOW = Math.floor(Date.now() / 1000)

function openIn(directory: string, options: Partial<FileLedgerOptions> = {}) {
  return createFileLedger(directory, { now: Date.now, uid, ...options })
}

/** Every file under a directory, by its full path. */
function filesIn(directory: string): string[] {
  const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return names.map(name => path.join(directory, name)).filter(file => fs.lstatSync(file).isFile())
}

async function open(t: Test) {
  const directory = path.join(scratch(t), 'store')
  let now = Date.now() - 7000
  return {
    ledger: openIn(directory, { now: () => now }),
    other: openIn(directory, { now: () => now }),
    setting: `file:${directory}`,
    async advance(milliseconds: number) {
      now += milliseconds
    },
  }
}

function failing(name: 'fchownSync' | 'writeFileSync', code: string): typeof fs {
  const fail = (...args: unknown[]) => {
    throw Object.assign(new Error(code), { code, path: String(args[0]) })
  }
  return { ...fs, [name]: fail }
}

ledgerContract(t, open)
sharedLedgerContract(t, open)

t.test('the claims of one second are lines of one file, whoever wrote them', async t => {
  const directory = path.join(scratch(t), 'store')
  const ledgers = [openIn(directory), openIn(directory), openIn(directory)]
  const keys = Array.from({ length: 300 }, (_, i) => `60-${i.toString(16).padStart(48, '0')}`)
  const claims = await Promise.all(keys.map((key, i) => ledgers[i % 3]?.claim(key, `${i}`)))
  t.strictSame(new Set(claims), new Set([true]))
  await Promise.all(keys.map((key, i) => ledgers[i % 3]?.settle(key, `${i}`, `value ${i}`)))
  t.strictSame(
    await Promise.all(keys.map((key, i) => ledgers[(i + 1) % 3]?.claim(key, 'late'))),
    keys.fill('').map(() => false),
  )
  t.strictSame(filesIn(directory), [path.join(directory, 'messages', '60')])
})

t.test('of those who claim a key in one turn of the event loop one gets it', async t => {
  const ledger = openIn(path.join(scratch(t), 'store'))
  t.strictSame(await Promise.all(['a', 'b', 'c'].map(holder => ledger.claim('60-aa', holder))), [true, false, false])
})

t.test('a key is known after so many others that its page is read in pieces', async t => {
  const directory = path.join(scratch(t), 'store')
  const ledger = openIn(directory)
  await ledger.claim('60-aa', 'a')
  await ledger.settle('60-aa', 'a', '+60-bb 1 b'.repeat(20_000))
  await ledger.claim('60-cc', 'c')
  const later = openIn(directory)
  t.strictSame(
    [await later.claim('60-bb', 'b'), await later.claim('60-aa', 'b'), await later.claim('60-cc', 'b')],
    [true, false, false],
  )
})

t.test('more pages are in use than are held open', async t => {
  const ledger = openIn(path.join(scratch(t), 'store'))
  const keys = Array.from({ length: 40 }, (_, i) => `${i}-aa`)
  t.strictSame(
    await Promise.all(keys.map(key => ledger.claim(key, 'a'))),
    keys.map(() => true),
  )
  for (const key of keys) t.equal(await ledger.claim(key, 'b'), false, key)
})

t.test('a page that is removed while it is in use is begun anew', { skip: windows }, async t => {
  const directory = path.join(scratch(t), 'store')
  const ledger = openIn(directory)
  await ledger.claim('60-aa', 'a')
  fs.unlinkSync(path.join(directory, 'messages', '60'))
  t.equal(await ledger.claim('60-bb', 'b'), true)
  t.equal(await openIn(directory).claim('60-bb', 'c'), false)
})

t.test('a file system that does not count the names of a file is used all the same', async t => {
  const fstatSync = (fd: number) => Object.assign(fs.fstatSync(fd), { nlink: 0 })
  const ledger = openIn(path.join(scratch(t), 'store'), { files: { ...fs, fstatSync } as typeof fs })
  t.strictSame([await ledger.claim('60-aa', 'a'), await ledger.claim('60-aa', 'b')], [true, false])
})

t.test('a line that a full disk has cut short is no value, and does not hide the next one', async t => {
  const directory = path.join(scratch(t), 'store')
  const ledger = openIn(directory)
  await ledger.claim('60-a', 'a')
  await ledger.claim('60-b', 'b')
  fs.appendFileSync(path.join(directory, 'messages', '60'), '\n=a half a va')
  t.equal(await ledger.look('60-a'), 'held')
  await ledger.settle('60-b', 'b', 'whole')
  t.strictSame(await ledger.look('60-b'), { value: 'whole' })
  t.equal(await ledger.look('60-a'), 'held')
  await ledger.settle('60-a', 'a', 'a whole value')
  t.strictSame(await ledger.look('60-a'), { value: 'a whole value' })
})

t.test('a line that another process is just writing is waited for', async t => {
  const directory = path.join(scratch(t), 'store')
  const ledger = openIn(directory)
  await ledger.claim('60-aa', 'a')
  const file = path.join(directory, 'messages', '60')
  fs.appendFileSync(file, '\n+bb 18934')
  t.equal(await ledger.claim('60-cc', 'c'), true)
  await t.resolves(ledger.claim('60-dd', 'd'))
  fs.appendFileSync(file, `\n+ee ${Date.now()} somebody`)
  t.equal(await ledger.look('60-ee'), undefined)
  fs.appendFileSync(file, '\n')
  t.equal(await ledger.look('60-ee'), 'held')
  t.equal(await ledger.claim('60-ee', 'e'), false)
})

t.test('a full disk is a StoreError that says so, and nothing is held by whoever got it', async t => {
  const directory = path.join(scratch(t), 'store')
  const ledger = openIn(directory, { files: failing('writeFileSync', 'ENOSPC') })
  await t.rejects(ledger.claim('60-a', 'a'), { name: 'StoreError', code: 'ENOSPC' })
  await t.rejects(ledger.settle('60-a', 'a', 'value'), { name: 'StoreError', code: 'ENOSPC' })
  await t.rejects(ledger.renew('60-a', 'a'), { name: 'StoreError', code: 'ENOSPC' })
  t.equal(await openIn(directory).claim('60-a', 'b'), true)
})

t.test('the directory is 0700 and the files are 0600, whatever the umask', { skip: windows }, async t => {
  const directory = path.join(scratch(t), 'store')
  const before = process.umask(0)
  t.teardown(() => process.umask(before))
  await openIn(directory).claim('60-a', 'a')
  const modes = ['', 'messages', 'messages/60'].map(name => fs.statSync(path.join(directory, name)).mode)
  t.strictSame(
    modes.map(mode => (mode & 0o777).toString(8)),
    ['700', '700', '600'],
  )
})

t.test('a symbolic link in the place of the directory or a claim is not followed', { skip: windows }, async t => {
  const parent = scratch(t)
  fs.mkdirSync(path.join(parent, 'elsewhere'), 0o700)
  fs.symlinkSync('elsewhere', path.join(parent, 'store'))
  await t.rejects(openIn(path.join(parent, 'store')).claim('60-a', 'a'), { name: 'StoreError', code: 'ELOOP' })
  t.strictSame(fs.readdirSync(path.join(parent, 'elsewhere')), [])

  const directory = path.join(parent, 'other')
  await openIn(directory).claim('60-a', 'a')
  for (const touch of ['look', 'claim'] as const) {
    fs.symlinkSync('/etc/passwd', path.join(directory, 'messages', '61'))
    const touched: Promise<unknown> = openIn(directory)[touch]('61-b', 'b')
    await t.rejects(touched, { name: 'StoreError', code: 'LINK' })
    t.equal(fs.existsSync(path.join(directory, 'messages', '61')), false)
  }
  t.equal(await openIn(directory).claim('61-b', 'b'), true)
})

t.test('a pipe or a directory in the place of a page is refused', { skip: windows }, async t => {
  const directory = path.join(scratch(t), 'store')
  await openIn(directory).claim('60-a', 'a')
  execFileSync('mkfifo', [path.join(directory, 'messages', '61')])
  fs.mkdirSync(path.join(directory, 'messages', '62'))
  for (const seconds of [61, 62]) {
    const page = path.join(directory, 'messages', `${seconds}`)
    await t.rejects(openIn(directory).claim(`${seconds}-a`, 'a'), {
      name: 'StoreError',
      code: 'EISDIR',
      message: `cannot use ${page}: it is not a file; remove it`,
    })
  }
})

t.test('a directory that others may write to is refused', { skip: windows }, async t => {
  const directory = path.join(scratch(t), 'store')
  await openIn(directory).claim('60-a', 'a')
  fs.chmodSync(directory, 0o777)
  await t.rejects(openIn(directory).claim('60-b', 'b'), { name: 'StoreError', code: 'WRITABLE' })
})

t.test("what root claims belongs to the directory's owner", { skip: uid !== 0 && 'not root' }, async t => {
  const directory = path.join(scratch(t), 'store')
  fs.mkdirSync(directory, 0o700)
  fs.chownSync(directory, 65534, 65534)
  await openIn(directory).claim('60-a', 'a')
  for (const name of ['messages', 'messages/60']) {
    t.equal(fs.statSync(path.join(directory, name)).uid, 65534)
  }
})

t.test('a page that cannot be handed over is not left open', { skip: uid !== 0 && 'not root' }, async t => {
  const directory = path.join(scratch(t), 'store')
  fs.mkdirSync(directory, 0o700)
  fs.chownSync(directory, 65534, 65534)
  const open = new Set<number>()
  const files = {
    ...failing('fchownSync', 'EPERM'),
    openSync(...of: Parameters<typeof fs.openSync>) {
      const fd = fs.openSync(...of)
      open.add(fd)
      return fd
    },
    closeSync(fd: number) {
      open.delete(fd)
      fs.closeSync(fd)
    },
  }
  await t.rejects(openIn(directory, { files }).claim('60-a', 'a'), { name: 'StoreError', code: 'EPERM' })
  t.equal(open.size, 0)
})

const cannotGo = windows && 'a file that this process has open cannot go'

t.test('pages that are minutes old are removed by and by', { skip: cannotGo }, async t => {
  const directory = path.join(scratch(t), 'store')
  const ledger = openIn(directory)
  for (let i = 0; i < 20; i++) await ledger.claim(`${NOW - 3600 - i}-aa`, 'a')
  const names = () => fs.readdirSync(path.join(directory, 'messages'))
  for (const name of names()) fs.utimesSync(path.join(directory, 'messages', name), NOW - 300, NOW - 300)
  await ledger.claim(`${NOW - 7200}-aa`, 'a claim of a message with an old CreateTime')
  await openIn(directory).claim(`${NOW}-11`, 'not one of those that sweep')
  t.equal(names().length, 22)
  await openIn(directory).claim(`${NOW}-01`, 'sweeps')
  t.strictSame(names(), [`${NOW - 7200}`, `${NOW}`])
})
