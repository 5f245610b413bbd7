import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { createFileStore } from '../../src/store/file.ts'
import { contract, sharedContract } from '../store/contract.ts'
import { race, scratch } from '../store/processes.ts'

const RACER = fileURLToPath(new URL('../store/racer.js', import.meta.url))
const PROCESSES = 12

function openIn(directory: string, now = Date.now) {
  return createFileStore(directory, { now, random: Math.random, uid: process.geteuid?.() })
}

async function open(t: Test) {
  const directory = path.join(scratch(t), 'store')
  let passed = 0
  return {
    store: openIn(directory, () => Date.now() + passed),
    directory,
    setting: `file:${directory}`,
    async advance(milliseconds: number) {
      passed += milliseconds
    },
    addExpired: (key: string) => openIn(directory, () => Date.now() - 10_000).set(key, 'expired', 1000),
  }
}

contract(t, open)
sharedContract(t, open)

function filesIn(directory: string): string[] {
  const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return names.map(name => path.join(directory, name)).filter(file => fs.statSync(file).isFile())
}

t.test('here a file that is open cannot be renamed over', async t => {
  const directory = scratch(t)
  const [target, other] = [path.join(directory, 'target'), path.join(directory, 'other')]
  fs.writeFileSync(target, 'old')
  fs.writeFileSync(other, 'new')
  const fd = fs.openSync(target, 'r')
  t.throws(() => fs.renameSync(other, target), { code: 'EPERM' })
  fs.closeSync(fd)
  fs.renameSync(other, target)
  t.equal(fs.readFileSync(target, 'utf8'), 'new')
})

t.test('an entry changes and goes while others have its files open', async t => {
  const { store, directory } = await open(t)
  await store.set('key', 'first', 60_000)
  const opened = filesIn(directory).map(file => fs.openSync(file, 'r'))
  await store.set('key', 'second', 60_000)
  t.equal(await store.get('key'), 'second')
  opened.push(...filesIn(directory).map(file => fs.openSync(file, 'r')))
  t.equal(await store.replace('key', 'second', 'third', 60_000), true)
  t.equal(await store.get('key'), 'third')
  t.equal(await store.remove('key'), true)
  t.equal(await store.get('key'), undefined)
  for (const fd of opened) fs.closeSync(fd)
  await store.set('key', 'fourth', 60_000)
  t.equal(await store.get('key'), 'fourth')
})

t.test(`${PROCESSES} processes that count lose nothing, while another reads all the time`, async t => {
  const { store, setting } = await open(t)
  await store.set('number', '0', 60_000)
  let counting = true
  const reading = (async () => {
    let last = 0
    while (counting) {
      const seen = Number(await store.get('number'))
      if (!(seen >= last)) return `${seen} after ${last}`
      last = seen
      await new Promise(resolve => setImmediate(resolve))
    }
    return 'in order'
  })()
  await race(t, PROCESSES, RACER, [setting, 'count', ...Array.from({ length: 10 }, () => 'number')])
  counting = false
  t.equal(await reading, 'in order')
  t.equal(await store.get('number'), String(PROCESSES * 10))
})

t.test('a claim that a killed process left is in nobody’s way for long', async t => {
  const { store, directory } = await open(t)
  await store.set('key', 'first', 60_000)
  const [pointer = ''] = filesIn(directory).filter(file => !path.basename(file).startsWith('~'))
  fs.writeFileSync(path.join(path.dirname(pointer), `~${path.basename(pointer)}`), '')
  t.equal(await store.replace('key', 'first', 'second', 60_000), true)
  t.equal(await store.get('key'), 'second')
  t.equal(filesIn(directory).length, 2, 'and it is gone')
})
