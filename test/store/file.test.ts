import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { createFileStore, type FileStoreOptions } from '../../src/store/file.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { contract, sharedContract } from './contract.ts'
import { scratch } from './processes.ts'

const uid = process.geteuid?.()
const isRoot = uid === 0
const windows = process.platform === 'win32'
const NOBODY = 65534
const DAY = 86_400_000
const YEAR = 365 * DAY

function openIn(directory: string, options: Partial<FileStoreOptions> = {}) {
  return createFileStore(directory, { now: Date.now, random: Math.random, uid, ...options })
}

async function open(t: Test) {
  const directory = path.join(scratch(t), 'store')
  let passed = 0
  return {
    store: openIn(directory, { now: () => Date.now() + passed }),
    setting: `file:${directory}`,
    async advance(milliseconds: number) {
      passed += milliseconds
    },
    addExpired: (key: string) => openIn(directory, { now: () => Date.now() - 10_000 }).set(key, 'expired', 1000),
  }
}

contract(t, open)
sharedContract(t, open)

/** Every file under a directory, relative to it. */
function filesIn(directory: string): string[] {
  const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return names.filter(name => fs.lstatSync(path.join(directory, name)).isFile())
}

/** The file that holds an entry's value: the one that is not empty. */
function valueFile(directory: string): string {
  const [file = ''] = filesIn(directory).filter(name => path.basename(name).startsWith('~'))
  return path.join(directory, file)
}

/** A `node:fs` in which one function fails with a code, the first so many times. */
function failing(name: keyof typeof fs, code: string, times = Number.POSITIVE_INFINITY): typeof fs {
  let left = times
  const real = fs[name] as (...args: unknown[]) => unknown
  return {
    ...fs,
    [name]: (...args: unknown[]) => {
      if (left-- > 0) throw Object.assign(new Error(code), { code, path: String(args[0]) })
      return real(...args)
    },
  }
}

function storeError(code: string) {
  return { name: 'StoreError', code }
}

t.test('opening a store touches no file', async t => {
  const directory = path.join(scratch(t), 'store')
  const store = openIn(directory)
  t.equal(await store.get('key'), undefined)
  t.equal(await store.remove('key'), false)
  t.equal(fs.existsSync(directory), false)
})

t.test('the directory is 0700 and the files are 0600, whatever the umask', { skip: windows }, async t => {
  const directory = path.join(scratch(t), 'missing', 'store')
  const before = process.umask(0)
  t.teardown(() => process.umask(before))
  await openIn(directory).set('key', 'x', 1000)
  t.equal(fs.statSync(directory).mode & 0o777, 0o700)
  const modes = fs
    .readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map(name => fs.statSync(path.join(directory, name)).mode & 0o777)
  t.strictSame(modes.sort(), [0o600, 0o600, 0o700].sort())
})

t.test('neither keys nor values show in names', async t => {
  const directory = path.join(scratch(t), 'store')
  await openIn(directory).set('openid-of-somebody', 'secret', 1000)
  t.notMatch(fs.readdirSync(directory, { recursive: true }).join(), /openid|secret/)
})

for (const [what, content] of Object.entries({
  empty: '',
  truncated: '[1700000000000,17000',
  'not JSON': 'value',
  'JSON of another shape': '{"value":"x"}',
  'without numbers': '["1","2","x"]',
  'from a clock that was ten years ahead': JSON.stringify([Date.now() + 10 * YEAR, Date.now() + 11 * YEAR, 'x']),
})) {
  t.test(`an entry that is ${what} counts as none, and can be written anew`, async t => {
    const directory = path.join(scratch(t), 'store')
    const store = openIn(directory)
    await store.set('key', 'good', 60_000)
    fs.writeFileSync(valueFile(directory), content)
    t.equal(await store.get('key'), undefined)
    t.equal(await store.replace('key', 'good', 'x', 60_000), false)
    t.equal(await store.add('key', 'again', 60_000), true)
    t.equal(await store.get('key'), 'again')
  })
}

t.test('an entry whose value is gone counts as none, and can be written anew', async t => {
  const directory = path.join(scratch(t), 'store')
  const store = openIn(directory)
  await store.set('key', 'good', 60_000)
  fs.unlinkSync(valueFile(directory))
  t.equal(await store.get('key'), undefined)
  t.equal(await store.add('key', 'again', 60_000), true)
  t.equal(await store.get('key'), 'again')
})

t.test('removing an entry that has expired leaves nothing of it on the disk', async t => {
  const { store, setting, addExpired } = await open(t)
  await addExpired('follower')
  t.equal(filesIn(setting.slice('file:'.length)).length, 2)
  t.equal(await store.remove('follower'), false)
  t.strictSame(filesIn(setting.slice('file:'.length)), [])
})

t.test('an entry outlives a clock that is put forward by less than its life', async t => {
  const { store, advance } = await open(t)
  await store.set('key', 'x', 2 * 3_600_000)
  await advance(3_600_000)
  t.equal(await store.get('key'), 'x')
})

t.test('an entry counts as none when the clock is put back, for nobody knows how old it is', async t => {
  const { store, advance } = await open(t)
  await store.set('key', 'x', 60_000)
  await advance(-3_600_000)
  t.equal(await store.get('key'), undefined)
  t.equal(await store.add('key', 'y', 60_000), true)
  t.equal(await store.get('key'), 'y')
})

t.test('an entry survives clocks that differ by a few seconds', async t => {
  const { store, advance } = await open(t)
  await store.set('key', 'x', 60_000)
  await advance(-4000)
  t.equal(await store.get('key'), 'x')
})

t.test('10 000 entries that have expired are removed little by little by the writes that follow', async t => {
  const directory = path.join(scratch(t), 'store')
  let now = Date.now()
  const store = openIn(directory, { now: () => now })
  for (let i = 0; i < 10_000; i++) await store.add(`message ${i}`, 'answered', 60_000)
  t.equal(filesIn(directory).length, 20_000)
  now += 60_000
  let touched = 0
  const counting = (name: 'openSync' | 'unlinkSync' | 'lstatSync') => ({
    [name]: (...args: never[]) => {
      touched++
      return (fs[name] as (...args: never[]) => unknown)(...args)
    },
  })
  const files = { ...fs, ...counting('openSync'), ...counting('unlinkSync'), ...counting('lstatSync') } as typeof fs
  const later = openIn(directory, { now: () => now, files })
  let most = 0
  for (let i = 0; i < 6000; i++) {
    const before = touched
    await later.add(`later ${i}`, 'answered', 60_000)
    most = Math.max(most, touched - before)
  }
  t.ok(most < 30, `at most ${most} files are touched by one write`)
  const left = filesIn(directory).length - 12_000
  t.ok(left < 10_000, `${left} of 20 000 files are left`)
})

t.test('what a killed process left behind is removed after an hour, and not before', async t => {
  const directory = path.join(scratch(t), 'store')
  let now = Date.now()
  const store = openIn(directory, { now: () => now })
  await store.set('key', 'x', DAY)
  const folder = path.dirname(valueFile(directory))
  const left = path.join(folder, '~abandoned')
  fs.writeFileSync(left, 'half')
  for (let i = 0; i < 50; i++) await store.set('key', `${i}`, DAY)
  t.equal(fs.existsSync(left), true)
  now += 3_700_000
  for (let i = 0; i < 50; i++) await store.set('key', `${i}`, DAY)
  t.equal(fs.existsSync(left), false)
  t.equal(await store.get('key'), '49')
})

t.test('a second value of one entry, of a process that was killed while it withdrew, does not stay', async t => {
  const directory = path.join(scratch(t), 'store')
  const waits: number[] = []
  const store = openIn(directory, {
    random: () => 0.5 + Math.random() / 10,
    async pause(milliseconds) {
      waits.push(milliseconds)
    },
  })
  await store.set('key', 'one', 60_000)
  const value = valueFile(directory)
  const folder = path.dirname(value)
  const pointer = fs.readdirSync(folder).find(name => !name.startsWith('~')) ?? ''
  fs.copyFileSync(value, path.join(folder, '~rival'))
  fs.writeFileSync(path.join(folder, `${pointer.split('.')[0]}.rival`), '')
  t.equal(await store.replace('key', 'one', 'two', 60_000), true)
  t.ok(waits.length > 0 && waits.length < 20)
  t.equal(await store.get('key'), 'two')
  t.equal(filesIn(directory).length, 2)
})

t.test('a directory that is a symbolic link is refused', { skip: windows }, async t => {
  const parent = scratch(t)
  fs.mkdirSync(path.join(parent, 'real'), 0o700)
  fs.symlinkSync('real', path.join(parent, 'store'))
  const store = openIn(path.join(parent, 'store'))
  await t.rejects(store.set('key', 'x', 1000), storeError('ELOOP'))
  t.strictSame(fs.readdirSync(path.join(parent, 'real')), [])
})

t.test('a folder that is a symbolic link is not followed, and the link is removed', { skip: windows }, async t => {
  const directory = path.join(scratch(t), 'store')
  const elsewhere = scratch(t)
  const store = openIn(directory)
  await store.set('key', 'x', 60_000)
  const folder = path.dirname(valueFile(directory))
  fs.rmSync(folder, { recursive: true })
  fs.symlinkSync(elsewhere, folder)
  await t.rejects(store.get('key'), storeError('LINK'))
  await store.set('key', 'y', 1000)
  t.equal(await store.get('key'), 'y')
  t.strictSame(fs.readdirSync(elsewhere), [])
})

t.test(
  'a folder that is a symbolic link to nowhere is found when something is to be kept in it',
  { skip: windows },
  async t => {
    const directory = path.join(scratch(t), 'store')
    const store = openIn(directory)
    await store.set('key', 'x', 60_000)
    const folder = path.dirname(valueFile(directory))
    fs.rmSync(folder, { recursive: true })
    fs.symlinkSync('nowhere', folder)
    t.equal(await store.get('key'), undefined)
    await t.rejects(store.set('key', 'y', 1000), storeError('LINK'))
    await store.set('key', 'y', 1000)
    t.equal(await store.get('key'), 'y')
  },
)

t.test(
  'a value that is a symbolic link is neither read nor written through, and the link is removed',
  { skip: windows },
  async t => {
    const directory = path.join(scratch(t), 'store')
    const target = path.join(scratch(t), 'target')
    fs.writeFileSync(target, JSON.stringify([Date.now(), Date.now() + DAY, 'planted']))
    const store = openIn(directory)
    await store.set('key', 'x', 60_000)
    const file = valueFile(directory)
    fs.unlinkSync(file)
    fs.symlinkSync(target, file)
    await t.rejects(store.get('key'), storeError('LINK'))
    t.equal(await store.get('key'), undefined)
    await store.set('key', 'y', 60_000)
    t.equal(await store.get('key'), 'y')
    t.match(fs.readFileSync(target, 'utf8'), /planted/)
  },
)

t.test('a pipe in the place of a value does not make anybody wait', { skip: windows }, async t => {
  const directory = path.join(scratch(t), 'store')
  const store = openIn(directory)
  await store.set('key', 'x', 60_000)
  const file = valueFile(directory)
  fs.unlinkSync(file)
  const { spawnSync } = await import('node:child_process')
  spawnSync('mkfifo', [file])
  t.equal(await store.get('key'), undefined)
})

t.test(
  'a directory of another user is refused',
  { skip: windows || (!isRoot && 'only root can give files away') },
  async t => {
    const directory = path.join(scratch(t), 'store')
    fs.mkdirSync(directory, 0o700)
    const store = openIn(directory, { uid: NOBODY })
    const error: unknown = await store.set('key', 'x', 1000).catch((error: unknown) => error)
    t.match(error, storeError('OWNER'))
    t.match(error instanceof StoreError && error.message, /cannot use .*store: it belongs to another user; .*chown -R/)
    t.match(error instanceof StoreError && error.zh, /它属于其他用户/)
  },
)

t.test('a directory that others may write to is refused', { skip: windows }, async t => {
  const directory = path.join(scratch(t), 'store')
  fs.mkdirSync(directory)
  fs.chmodSync(directory, 0o770)
  await t.rejects(openIn(directory).set('key', 'x', 1000), storeError('WRITABLE'))
})

t.test('something else than a directory is refused', async t => {
  const file = path.join(scratch(t), 'store')
  fs.writeFileSync(file, '')
  await t.rejects(openIn(file).set('key', 'x', 1000), storeError('ENOTDIR'))
})

t.test('what root writes belongs to the owner of the directory', { skip: !isRoot && 'needs root' }, async t => {
  const directory = path.join(scratch(t), 'store')
  fs.mkdirSync(directory, 0o700)
  fs.chownSync(directory, NOBODY, NOBODY)
  await openIn(directory).set('key', 'x', DAY)
  const values = [valueFile(directory), path.dirname(valueFile(directory))]
  for (const file of values) t.equal(fs.statSync(file).uid, NOBODY)
  for (const file of values) t.equal(fs.statSync(file).gid, NOBODY)
})

t.test(
  'a directory that root makes belongs to the owner of the one above',
  { skip: !isRoot && 'needs root' },
  async t => {
    const parent = scratch(t)
    fs.chownSync(parent, NOBODY, NOBODY)
    await openIn(path.join(parent, 'new', 'store')).set('key', 'x', DAY)
    t.equal(fs.statSync(path.join(parent, 'new')).uid, NOBODY)
    t.equal(fs.statSync(path.join(parent, 'new', 'store')).uid, NOBODY)
  },
)

for (const [code, name, what] of [
  ['ENOSPC', 'writeFileSync', /disk is full/],
  ['EDQUOT', 'writeFileSync', /quota/],
  ['ENOSPC', 'openSync', /disk is full/],
  ['EIO', 'fsyncSync', /EIO/],
  ['EROFS', 'openSync', /read-only/],
  ['EACCES', 'openSync', /permission denied.*chown/],
  ['EPERM', 'renameSync', /permission denied/],
  ['EMFILE', 'readdirSync', /too many files/],
  ['ENFILE', 'openSync', /too many files/],
] as const) {
  t.test(`${code} in ${name} is an error that says what to do, and what was there stays`, async t => {
    const directory = path.join(scratch(t), 'store')
    const good = openIn(directory)
    await good.set('key', 'before', DAY)
    const before = valueFile(directory)
    const store = openIn(directory, { files: failing(name, code), windows: false })
    for (const call of [
      () => store.set('key', 'after', DAY),
      () => store.replace('key', 'before', 'after', DAY),
      () => store.add('another', 'after', DAY),
    ]) {
      const error: unknown = await call().catch((error: unknown) => error)
      t.match(error, storeError(code))
      t.match(error instanceof StoreError && error.message, what)
    }
    t.equal(await good.get('key'), 'before')
    t.equal(await good.get('another'), undefined)
    const values = filesIn(directory).filter(name => path.basename(name).startsWith('~'))
    t.strictSame(values, [path.relative(directory, before)])
    await good.set('key', 'after', DAY)
    t.equal(await good.get('key'), 'after')
  })
}

for (const [code, name] of [
  ['EPERM', 'renameSync'],
  ['EACCES', 'openSync'],
  ['EBUSY', 'unlinkSync'],
] as const) {
  t.test(`${code} in ${name} is tried again on Windows, where a file may be open elsewhere`, async t => {
    const waits: number[] = []
    const options = {
      windows: true,
      async pause(milliseconds: number) {
        waits.push(milliseconds)
      },
    }
    const directory = path.join(scratch(t), 'store')
    await openIn(directory).set('key', 'before', 60_000)
    const store = openIn(directory, { ...options, files: failing(name, code, 5) })
    t.equal(await store.replace('key', 'before', 'after', 60_000), true)
    t.equal(await store.remove('key'), true)
    t.ok(waits.every(wait => wait >= 1 && wait <= 50))
    t.equal(await openIn(directory).get('key'), undefined)
  })
}

t.test('what stays open elsewhere on Windows is given up after a second', async t => {
  let waited = 0
  const directory = path.join(scratch(t), 'store')
  await openIn(directory).set('key', 'before', 60_000)
  const store = openIn(directory, {
    windows: true,
    files: failing('renameSync', 'EPERM'),
    async pause(milliseconds) {
      waited += milliseconds
    },
  })
  await t.rejects(store.set('key', 'after', 60_000), storeError('EPERM'))
  t.ok(waited >= 1000 && waited < 1050)
  t.equal(await openIn(directory).get('key'), 'before')
  t.equal(filesIn(directory).length, 2)
})
