import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { StoreError } from '../../src/store/store-error.ts'
import { filesIn, openIn, storeError, valueFile } from './file-store.ts'
import { scratch } from './processes.ts'

const DAY = 86_400_000

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
