import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { scratch } from './processes.ts'

t.test('a relative directory is relative to the base directory', async t => {
  const baseDirectory = scratch(t)
  const store = await openStore('file:var/store', { baseDirectory })
  await store.set('key', 'x', 1000)
  t.strictSame(fs.readdirSync(baseDirectory), ['var'])
  t.equal(await (await openStore(`file:${baseDirectory}/var/store`, { baseDirectory: '/' })).get('key'), 'x')
})

t.test('memory: is a new store each time', async t => {
  const first = await openStore('memory:', { baseDirectory: '/' })
  await first.set('key', 'x', 60_000)
  t.equal(await first.get('key'), 'x')
  t.equal(await (await openStore('memory:', { baseDirectory: '/' })).get('key'), undefined)
})

t.test('the clock is a parameter', async t => {
  let now = 1000
  for (const setting of ['memory:', `file:${scratch(t)}/store`]) {
    const store = await openStore(setting, { baseDirectory: '/', now: () => now })
    await store.set('key', 'x', 100)
    now += 100
    t.equal(await store.get('key'), undefined)
  }
})

t.test('Redis is connected to with the first call, and its client loaded only where it is asked for', async t => {
  const opener = new URL('../../src/store/open.js', import.meta.url).href
  const program = `
    const { openStore } = await import(${JSON.stringify(opener)})
    const store = await openStore(process.argv[1], { baseDirectory: process.argv[2] })
    await store.close()
    const { createRequire } = await import('node:module')
    const loaded = Object.keys(createRequire(${JSON.stringify(opener)}).cache)
    process.stdout.write(String(loaded.some(file => file.includes('@redis'))))`
  const open = (setting: string) =>
    String(spawnSync(process.execPath, ['--input-type=module', '-e', program, setting, scratch(t)]).stdout)
  t.equal(open('file:store'), 'false')
  t.equal(open('memory:'), 'false')
  t.equal(open('redis://127.0.0.1:1'), 'true')
})

t.test('a path with .. stays what it says', async t => {
  const baseDirectory = path.join(scratch(t), 'project')
  fs.mkdirSync(baseDirectory)
  const store = await openStore('file:../beside', { baseDirectory })
  await store.set('key', 'x', 1000)
  t.strictSame(fs.readdirSync(path.dirname(baseDirectory)).sort(), ['beside', 'project'])
})
