import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Store } from '../../src/store/types.ts'
import { race } from './processes.ts'

/** A store under test, and a clock that says when its entries expire. */
export interface Subject {
  readonly store: Store
  /** Lets so many milliseconds pass for the store. */
  advance(milliseconds: number): Promise<void>
  /** For `openStore` in other processes; undefined for a store that no other process can see. */
  readonly setting?: string
  /** Leaves an entry in the store that expired some time ago. */
  readonly addExpired?: (key: string) => Promise<void>
}

const RACER = fileURLToPath(new URL('./racer.js', import.meta.url))
const KEYS = Array.from({ length: 20 }, (_, i) => `key ${i}`)

/** What every store promises, whatever it is made of. */
export function contract(t: Test, open: (t: Test) => Promise<Subject>): void {
  t.test('what was never stored is not there', async t => {
    const { store } = await open(t)
    t.equal(await store.get('nothing'), undefined)
    t.equal(await store.replace('nothing', '', 'x', 1000), false)
    t.equal(await store.remove('nothing'), false)
    t.equal(await store.remove('nothing', ''), false)
    t.equal(await store.get('nothing'), undefined)
  })

  t.test('a value is kept as it was given', async t => {
    const { store } = await open(t)
    const values = ['', '0', 'null', '中文 😀\n"\\\u0000', 'x'.repeat(100_000)]
    for (const value of values) {
      await store.set('key', value, 60_000)
      t.equal(await store.get('key'), value)
    }
  })

  t.test('keys are any strings, and different ones are different entries', async t => {
    const { store } = await open(t)
    const keys = [
      '',
      'a',
      'A',
      '../../etc/passwd',
      'a/b',
      'a\\b',
      'CON',
      '中文',
      'k'.repeat(2000),
      `${'k'.repeat(2000)}2`,
      'a\u0000b',
    ]
    for (const key of keys) await store.set(key, `value of ${key}`, 60_000)
    for (const key of keys) t.equal(await store.get(key), `value of ${key}`)
  })

  t.test('set stores over whatever is there', async t => {
    const { store } = await open(t)
    await store.set('key', 'first', 60_000)
    await store.set('key', 'second', 60_000)
    t.equal(await store.get('key'), 'second')
  })

  t.test('an entry is gone when its time is over, and the last write says when', async t => {
    const { store, advance } = await open(t)
    await store.set('short', 'x', 100)
    await store.set('long', 'x', 60_000)
    await store.set('prolonged', 'x', 100)
    await store.replace('prolonged', 'x', 'y', 60_000)
    await advance(101)
    t.equal(await store.get('short'), undefined)
    t.equal(await store.get('long'), 'x')
    t.equal(await store.get('prolonged'), 'y')
    t.equal(await store.replace('short', 'x', 'y', 1000), false)
    t.equal(await store.remove('short'), false)
  })

  t.test('add stores only where there is nothing, or nothing any more', async t => {
    const { store, advance } = await open(t)
    t.equal(await store.add('key', 'first', 100), true)
    t.equal(await store.add('key', 'second', 100), false)
    t.equal(await store.get('key'), 'first')
    await advance(101)
    t.equal(await store.add('key', 'third', 60_000), true)
    t.equal(await store.get('key'), 'third')
    t.equal(await store.remove('key'), true)
    t.equal(await store.add('key', 'fourth', 60_000), true)
  })

  t.test('replace stores only in the place of what is expected', async t => {
    const { store } = await open(t)
    await store.set('key', 'first', 60_000)
    t.equal(await store.replace('key', 'other', 'second', 60_000), false)
    t.equal(await store.get('key'), 'first')
    t.equal(await store.replace('key', 'first', 'second', 60_000), true)
    t.equal(await store.get('key'), 'second')
  })

  t.test('remove removes what is expected, once', async t => {
    const { store } = await open(t)
    await store.set('key', 'first', 60_000)
    t.equal(await store.remove('key', 'other'), false)
    t.equal(await store.get('key'), 'first')
    t.equal(await store.remove('key', 'first'), true)
    t.equal(await store.get('key'), undefined)
    t.equal(await store.remove('key', 'first'), false)
  })

  t.test('of many calls at once in one process exactly one wins', async t => {
    const { store } = await open(t)
    const added = await Promise.all(Array.from({ length: 20 }, (_, i) => store.add('key', `${i}`, 60_000)))
    t.equal(added.filter(Boolean).length, 1)
    const value = (await store.get('key')) ?? ''
    const replaced = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.replace('key', value, `r${i}`, 60_000)),
    )
    t.equal(replaced.filter(Boolean).length, 1)
    const removed = await Promise.all(Array.from({ length: 20 }, () => store.remove('key')))
    t.equal(removed.filter(Boolean).length, 1)
  })
}

/** What a store promises besides when processes share it. */
export function sharedContract(t: Test, open: (t: Test) => Promise<Required<Subject>>): void {
  const prepare: Readonly<Record<string, (subject: Required<Subject>, key: string) => Promise<unknown>>> = {
    'add what nobody has added': async () => {},
    'add what has expired': ({ addExpired }, key) => addExpired(key),
    'add what was removed': async ({ store }, key) => {
      await store.set(key, 'x', 60_000)
      await store.remove(key)
    },
    'replace the same value': ({ store }, key) => store.set(key, 'before', 60_000),
    'remove the same entry': ({ store }, key) => store.set(key, 'before', 60_000),
  }
  for (const [what, prepareKey] of Object.entries(prepare)) {
    t.test(`of many processes that ${what} at once exactly one wins`, async t => {
      const subject = await open(t)
      for (const key of KEYS) await prepareKey(subject, key)
      const winners = await race(t, 8, RACER, [subject.setting, what.split(' ')[0] ?? '', ...KEYS])
      t.strictSame(winners.flat().sort(), KEYS.toSorted())
    })
  }

  t.test('no change is lost when many processes read, change and write the same entry', async t => {
    const { store, setting } = await open(t)
    await store.set('number', '0', 60_000)
    await race(t, 8, RACER, [setting, 'count', ...Array.from({ length: 25 }, () => 'number')])
    t.equal(await store.get('number'), '200')
  })
}
