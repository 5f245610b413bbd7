import { execFile, spawn } from 'node:child_process'
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { scratch } from '../store/processes.ts'
import type { TurnOptions } from './turn.ts'

const TEN_THOUSAND = fileURLToPath(new URL('./ten-thousand.js', import.meta.url))
const TURN = fileURLToPath(new URL('./turn.js', import.meta.url))

/** What a process answers to these messages; how it ended, if it did not come so far. */
function turn(options: TurnOptions, ...contents: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [TURN, JSON.stringify(options), ...contents], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    output += text
  })
  return new Promise(resolve =>
    child.once('close', (code, signal) => resolve(code === 0 ? JSON.parse(output) : (signal ?? code))),
  )
}

t.test('a dialogue goes on though every message is a process of its own', async t => {
  const directory = scratch(t)
  const at = (id: number, openId = 'oAnna') => ({
    store: `file:${directory}/store`,
    orders: `${directory}/orders`,
    openId,
    id,
  })
  t.strictSame(await turn(at(1), 'order'), ['Which size?\n1. S\n2. M\n3. L'])
  t.strictSame(await turn(at(2, 'oBert'), '2'), ['1'], 'another follower is not in it')
  t.strictSame(await turn(at(3), 'XL'), ['Which size?\n1. S\n2. M\n3. L'])
  t.strictSame(await turn(at(4), '2'), ['Where to?'])
  t.strictSame(await turn(at(5), 'Xiamen'), ['M to Xiamen'])
  t.strictSame(await turn(at(6), 'Xiamen'), ['1'], 'and then it is over')
  t.equal(fs.readFileSync(`${directory}/orders`, 'utf8'), 'M\n')
})

t.test('what was done once is not done again when the process was killed and the message comes again', async t => {
  const directory = scratch(t)
  const anna = { store: `file:${directory}/store`, orders: `${directory}/orders`, openId: 'oAnna' }
  await turn({ ...anna, id: 1 }, 'order')
  t.equal(await turn({ ...anna, id: 2, dies: true }, '3'), 'SIGKILL')
  // Three seconds later nobody waits any more for the one that was killed.
  t.strictSame(await turn({ ...anna, id: 2, ahead: 3000 }, '3'), ['Where to?'])
  t.strictSame(await turn({ ...anna, id: 3, ahead: 3000 }, 'Xiamen'), ['L to Xiamen'])
  t.equal(fs.readFileSync(`${directory}/orders`, 'utf8'), 'L\n')
})

t.test('two processes count a hundred messages of one follower at once, and lose none', async t => {
  const store = `file:${scratch(t)}/store`
  const fifty = Array.from({ length: 50 }, () => 'hi')
  const counted = await Promise.all([1000, 2000].map(id => turn({ store, openId: 'oAnna', id }, ...fifty)))
  const numbers = counted.flat().map(Number)
  t.strictSame(
    numbers.sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i + 1),
  )
})

t.test('ten thousand followers who are in one dialogue at once end it with their own answers', async t => {
  // In a process of its own: tap watches every promise of this one.
  const { stdout } = await promisify(execFile)(process.execPath, [TEN_THOUSAND])
  t.equal(stdout, '10000')
})
