import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { contract, sharedContract } from './contract.ts'
import { filesIn, open, openIn, valueFile } from './file-store.ts'
import { scratch } from './processes.ts'

const DAY = 86_400_000
const YEAR = 365 * DAY

contract(t, open)

sharedContract(t, open)

t.test('opening a store touches no file', async t => {
  const directory = path.join(scratch(t), 'store')
  const store = openIn(directory)
  t.equal(await store.get('key'), undefined)
  t.equal(await store.remove('key'), false)
  t.equal(fs.existsSync(directory), false)
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
