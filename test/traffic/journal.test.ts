import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { createJournal } from '../../src/traffic/journal.ts'

const NOON = Date.parse('2026-11-22T12:00:00Z')
const DAY = 86_400_000
const APPENDER = fileURLToPath(new URL('./appender.js', import.meta.url))

function journal(folder: string, options: Partial<Parameters<typeof createJournal>[0]> = {}) {
  const append = createJournal({ folder, size: 1_000_000, days: 30, now: () => NOON, uid: undefined, ...options })
  return (lines: string) => append(Buffer.from(lines))
}

t.test('lines are appended to a private file of the day', async t => {
  const folder = path.join(t.testdir(), 'var', 'traffic')
  journal(folder)('{"a":1}\n')
  journal(folder)('{"b":"木棉"}\n')
  t.strictSame(fs.readdirSync(folder), ['2026-11-22-1.jsonl'])
  t.equal(fs.readFileSync(path.join(folder, '2026-11-22-1.jsonl'), 'utf8'), '{"a":1}\n{"b":"木棉"}\n')
  t.equal(fs.statSync(folder).mode & 0o777, 0o700)
  t.equal(fs.statSync(path.join(folder, '2026-11-22-1.jsonl')).mode & 0o777, 0o600)
})

t.test('a file that is full, or of yesterday, is followed by another', async t => {
  const folder = t.testdir()
  const world = { now: NOON }
  const append = journal(folder, { size: 1000, now: () => world.now })
  const other = journal(folder, { size: 1000, now: () => world.now })
  append(`${'x'.repeat(99)}\n`)
  append('second\n')
  other('third\n')
  world.now += DAY
  append('tomorrow\n')
  t.strictSame(fs.readdirSync(folder).sort(), ['2026-11-22-1.jsonl', '2026-11-22-2.jsonl', '2026-11-23-1.jsonl'])
  t.equal(fs.readFileSync(path.join(folder, '2026-11-22-2.jsonl'), 'utf8'), 'second\nthird\n')
})

t.test('files that are too old or too many are removed, and nothing else', async t => {
  const folder = t.testdir({
    '2026-11-12-1.jsonl': 'x',
    '2026-11-13-1.jsonl': 'x',
    'notes.txt': 'x'.repeat(5000),
  })
  const append = journal(folder, { size: 1000, days: 10 })
  append('a\n')
  t.strictSame(fs.readdirSync(folder).sort(), ['2026-11-13-1.jsonl', '2026-11-22-1.jsonl', 'notes.txt'])
  for (let index = 0; index < 30; index++) append(`${'x'.repeat(99)}\n`)
  const kept = fs.readdirSync(folder).filter(name => name.endsWith('.jsonl'))
  t.ok(kept.reduce((sum, name) => sum + fs.statSync(path.join(folder, name)).size, 0) <= 1000)
  t.ok(kept.length >= 8)
  t.notOk(kept.includes('2026-11-13-1.jsonl'))
})

t.test('whoever holds a file that was removed goes on with the next', async t => {
  const folder = t.testdir()
  const append = journal(folder)
  append('a\n')
  fs.rmSync(path.join(folder, '2026-11-22-1.jsonl'))
  append('b\n')
  t.equal(fs.readFileSync(path.join(folder, '2026-11-22-1.jsonl'), 'utf8'), 'b\n')
})

t.test('a link in its place is not followed', async t => {
  const directory = t.testdir({ precious: 'kept', journal: {} })
  fs.symlinkSync(path.join(directory, 'precious'), path.join(directory, 'journal', '2026-11-22-1.jsonl'))
  t.throws(() => journal(path.join(directory, 'journal'))('a\n'), { code: 'ELOOP' })
  t.equal(fs.readFileSync(path.join(directory, 'precious'), 'utf8'), 'kept')
})

t.test('four processes that change over all the time lose no line and tear none', async t => {
  const folder = path.join(t.testdir(), 'traffic')
  const processes = ['a', 'b', 'c', 'd'].map(name =>
    spawn(process.execPath, [APPENDER, folder, name, '2000'], { stdio: 'inherit' }),
  )
  for (const [code] of await Promise.all(processes.map(child => once(child, 'exit')))) t.equal(code, 0)
  const files = fs.readdirSync(folder)
  const lines = files.flatMap(name => fs.readFileSync(path.join(folder, name), 'utf8').split('\n').slice(0, -1))
  t.ok(files.length >= 7)
  const expected = ['a', 'b', 'c', 'd'].flatMap(name =>
    Array.from({ length: 2000 }, (_, index) => `${name}-${index}-${'x'.repeat(40)}`),
  )
  t.strictSame(lines.sort(), expected.sort())
})
