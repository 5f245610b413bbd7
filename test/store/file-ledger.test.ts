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
  return {
    ledger: openIn(directory),
    other: openIn(directory),
    setting: `file:${directory}`,
    async advance(milliseconds: number) {
      // One file has many names.
      const aged = new Set<number>()
      for (const file of filesIn(directory)) {
        const { ino, mtimeMs } = fs.statSync(file)
        const before = (mtimeMs - milliseconds) / 1000
        if (!aged.has(ino)) fs.utimesSync(file, before, before)
        aged.add(ino)
      }
    },
  }
}

function failing(name: 'linkSync' | 'writeFileSync', code: string): typeof fs {
  const fail = (...args: unknown[]) => {
    throw Object.assign(new Error(code), { code, path: String(args[0]) })
  }
  return { ...fs, [name]: fail }
}

ledgerContract(t, open)
sharedLedgerContract(t, open)

t.test('a thousand claims of one process are names of one file', async t => {
  const directory = path.join(scratch(t), 'store')
  const ledger = openIn(directory)
  for (let i = 0; i < 1500; i++) {
    await ledger.claim(`60-${i}`, `${i}`)
    await ledger.settle(`60-${i}`, `${i}`, `value ${i}`)
  }
  const files = filesIn(directory)
  t.equal(files.length, 1500)
  t.equal(new Set(files.map(file => fs.statSync(file).ino)).size, 2)
  t.strictSame(await openIn(directory).look('60-1'), { value: 'value 1' })
  t.strictSame(await openIn(directory).look('60-1499'), { value: 'value 1499' })
})

t.test('without hard links every claim has a file of its own', async t => {
  const directory = path.join(scratch(t), 'store')
  const ledger = openIn(directory, { files: failing('linkSync', 'ENOTSUP') })
  for (const id of ['a', 'b', 'c']) t.equal(await ledger.claim(`60-${id}`, id), true)
  t.equal(await ledger.claim('60-b', 'again'), false)
  for (const id of ['a', 'b', 'c']) await ledger.settle(`60-${id}`, id, `value of ${id}`)
  t.equal(new Set(filesIn(directory).map(file => fs.statSync(file).ino)).size, 3)
  t.strictSame(await openIn(directory).look('60-a'), { value: 'value of a' })
  t.strictSame(await openIn(directory).look('60-c'), { value: 'value of c' })
})

t.test('a line that a full disk has cut short is no value, and does not hide the next one', async t => {
  const directory = path.join(scratch(t), 'store')
  const ledger = openIn(directory)
  await ledger.claim('60-a', 'a')
  await ledger.claim('60-b', 'b')
  const [file = ''] = filesIn(directory)
  fs.appendFileSync(file, '\na half a va')
  t.equal(await ledger.look('60-a'), 'held')
  await ledger.settle('60-b', 'b', 'whole')
  t.strictSame(await ledger.look('60-b'), { value: 'whole' })
})

t.test('a full disk is a StoreError that says so, and nothing is held by whoever got it', async t => {
  const directory = path.join(scratch(t), 'store')
  const ledger = openIn(directory, { files: failing('writeFileSync', 'ENOSPC') })
  await ledger.claim('60-a', 'a')
  await t.rejects(ledger.settle('60-a', 'a', 'value'), { name: 'StoreError', code: 'ENOSPC' })
  t.equal(await ledger.renew('60-a', 'a'), false)
})

t.test('the directory is 0700 and the files are 0600, whatever the umask', { skip: windows }, async t => {
  const directory = path.join(scratch(t), 'store')
  const before = process.umask(0)
  t.teardown(() => process.umask(before))
  await openIn(directory).claim('60-a', 'a')
  const modes = ['', 'messages', 'messages/1', 'messages/1/a'].map(name => fs.statSync(path.join(directory, name)).mode)
  t.strictSame(
    modes.map(mode => (mode & 0o777).toString(8)),
    ['700', '700', '700', '600'],
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
  fs.symlinkSync('/etc/passwd', path.join(directory, 'messages', '1', 'b'))
  await t.rejects(openIn(directory).look('60-b'), { name: 'StoreError', code: 'LINK' })
  t.equal(await openIn(directory).claim('60-b', 'b'), true)
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
  for (const name of ['messages', 'messages/1', 'messages/1/a']) {
    t.equal(fs.statSync(path.join(directory, name)).uid, 65534)
  }
})

const cannotGo = windows && 'a file that this process has open cannot go'

t.test(
  'claims that are minutes old are removed by and by, and their folders with them',
  { skip: cannotGo },
  async t => {
    const directory = path.join(scratch(t), 'store')
    const old = NOW - 3600
    const ledger = openIn(directory)
    for (let i = 0; i < 20; i++) await ledger.claim(`${old}-${i}`, `${i}`)
    await ledger.claim(`${old - 60}-fresh`, 'a claim of a message with an old CreateTime')
    for (const file of filesIn(path.join(directory, 'messages', `${Math.floor(old / 60)}`))) {
      fs.utimesSync(file, old, old)
    }
    const later = openIn(directory)
    for (let i = 0; i < 10; i++) await later.claim(`${NOW}-0${i}`, `${i}`)
    for (let i = 0; i < 10; i++) await openIn(directory).claim(`${NOW}-0later${i}`, `${i}`)
    const minutes = fs.readdirSync(path.join(directory, 'messages'))
    t.notOk(minutes.includes(`${Math.floor(old / 60)}`))
    t.ok(minutes.includes(`${Math.floor(NOW / 60)}`))
  },
)
