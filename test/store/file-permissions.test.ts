import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { StoreError } from '../../src/store/store-error.ts'
import { openIn, storeError, valueFile } from './file-store.ts'
import { scratch } from './processes.ts'

const isRoot = process.geteuid?.() === 0
const windows = process.platform === 'win32'
const NOBODY = 65534
const DAY = 86_400_000

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
