/** Tries inputs without end in a thread of its own, where one that hangs can be ended from outside. */
import { parentPort, workerData } from 'node:worker_threads'
import { inputs, shorten, tryInput } from './fuzz.ts'
import { heap } from './heap.ts'
import { createRandom } from './random.ts'
import { targets } from './targets/index.ts'

/** What the thread is told, and where it leaves what it is doing: a count, the length of an input, the input. */
export interface Work {
  readonly target: string
  readonly seed: number
  readonly progress: SharedArrayBuffer
}

/** How many rounds lie between two looks at the memory, and how many megabytes it may grow from the first to any other. */
const LOOK_EVERY = 50_000
const GROWTH = 24

const { target: name, seed, progress }: Work = workerData
const target = targets.find(target => target.name === name)
if (!target) throw new Error(`there is no target ${name}`)

const [counters, bytes] = [new Int32Array(progress, 0, 2), new Uint8Array(progress, 8)]
const candidates = inputs(target, createRandom(seed))
let before: number | undefined

for (let round = 1; ; round++) {
  const input = candidates.next().value
  bytes.set(input)
  Atomics.store(counters, 1, input.length)
  Atomics.store(counters, 0, round)
  const found = await tryInput(target, input)
  if (found) parentPort?.postMessage(await shorten(target, found))
  if (round % LOOK_EVERY !== 0) continue
  const now = heap()
  before ??= now
  if (now - before > GROWTH) {
    parentPort?.postMessage({ input, what: `the heap grew from ${before} to ${now} MB in ${round} rounds` })
    before = now
  }
}
