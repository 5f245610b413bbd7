import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { openIn, storeError, valueFile } from './file-store.ts'
import { scratch } from './processes.ts'

const windows = process.platform === 'win32'
const DAY = 86_400_000

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

t.test('something else than a directory is refused', async t => {
  const file = path.join(scratch(t), 'store')
  fs.writeFileSync(file, '')
  await t.rejects(openIn(file).set('key', 'x', 1000), storeError('ENOTDIR'))
})
