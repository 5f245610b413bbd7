/**
 * `npm run fuzz -- TARGET… [--minutes N] [--seed N]`: tries inputs until it is stopped, keeps what it finds as a
 * regression case, and ends with 1 when there was something.
 */
import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { findApache } from '../../src/cli/trial/private-apache.ts'
import { batter, startApacheTarget } from './apache.ts'
import { type Finding, shorten } from './fuzz.ts'
import { createRandom } from './random.ts'
import { keep } from './regressions.ts'
import type { Target } from './target.ts'
import { targets } from './targets/index.ts'
import type { Work } from './worker.ts'

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url))
/** Milliseconds after which an input that is still being tried is taken for one that hangs. */
const HANG = 5000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } },
})
const minutes = Number(values.minutes)
const isChosen = (name: string) => positionals.length === 0 || positionals.includes(name)
const names = [...targets.map(({ name }) => name), 'apache']
const unknown = positionals.filter(name => !names.includes(name))
if (unknown.length > 0 || !(minutes > 0)) {
  say(`usage: npm run fuzz -- [TARGET…] [--minutes N] [--seed N]\ntargets: ${names.join(' ')}`)
  process.exit(2)
}

let found = 0
for (const target of targets.filter(({ name }) => isChosen(name))) await fuzz(target, newSeed())
if (isChosen('apache')) await fuzzApache(newSeed())
process.exit(found > 0 ? 1 : 0)

function newSeed(): number {
  return Number(values.seed ?? randomInt(2 ** 31))
}

/** In this thread, since whatever hangs is another process; the end of its test ends those. */
async function fuzzApache(seed: number): Promise<void> {
  const apache = findApache()
  if (!apache) return say('apache: there is none here')
  const { default: t } = await import('tap')
  t.setTimeout(0)
  await t.test('apache', async t => {
    const target = await startApacheTarget(t, apache)
    const end = performance.now() + minutes * 60_000
    const { rounds, findings } = await batter(target, createRandom(seed), () => performance.now() < end)
    for (const finding of findings) report(target, await shorten(target, finding))
    t.strictSame(target.complaints(), [])
    say(`apache: ${rounds} rounds from seed ${seed}, answered ${JSON.stringify(Object.fromEntries(target.seen))}`)
  })
}

async function fuzz(target: Target, seed: number): Promise<void> {
  const end = performance.now() + minutes * 60_000
  let rounds = 0
  for (let part = 0; performance.now() < end; part++) rounds += await run(target, seed + part, end)
  say(`${target.name}: ${rounds} rounds from seed ${seed}`)
}

/** One thread, to the end of the time or to an input that hangs; resolves to its number of rounds. */
function run(target: Target, seed: number, end: number): Promise<number> {
  const progress = new SharedArrayBuffer(8 + 2 ** 18)
  const counters = new Int32Array(progress, 0, 2)
  const worker = new Worker(WORKER, { workerData: { target: target.name, seed, progress } satisfies Work })
  const known = new Set<string>()
  let [last, since] = [0, performance.now()]
  return new Promise(resolve => {
    const stop = () => {
      clearInterval(watch)
      worker.terminate().then(() => resolve(last))
    }
    const watch = setInterval(() => {
      const round = Atomics.load(counters, 0)
      if (round !== last) [last, since] = [round, performance.now()]
      const hangs = round > 0 && performance.now() - since > HANG
      if (hangs) report(target, { input: Buffer.from(progress.slice(8, 8 + Atomics.load(counters, 1))), what: 'hangs' })
      if (hangs || performance.now() > end) stop()
    }, 100)
    worker.on('message', ({ input, what }: Finding) => {
      const kind = what.split('\n').slice(0, 3).join(' ').replaceAll(/\d+/g, '0')
      if (!known.has(kind)) report(target, { input: Buffer.from(input), what })
      known.add(kind)
      // While it was made shorter no round has passed.
      since = performance.now()
    })
    worker.on('error', error => {
      report(target, { input: Buffer.from(progress.slice(8, 8 + Atomics.load(counters, 1))), what: `crash: ${error}` })
      stop()
    })
  })
}

function report(target: Target, finding: Finding): void {
  found++
  say(`${target.name}: ${finding.what}\n  kept as ${keep(target, finding)}`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
