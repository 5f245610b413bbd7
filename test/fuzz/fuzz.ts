import { mutate } from './mutate.ts'
import type { Random } from './random.ts'
import type { Target } from './target.ts'

/** What a target did that it must not do. */
export interface Finding {
  readonly input: Buffer
  readonly what: string
}

/** Milliseconds of the processor that one input may take; those of the clock depend on who else is at work. */
const PATIENCE = 1000
/** How many inputs that were taken without a finding are mutated further. */
const POOL = 64
const LONGEST_POOLED = 8192

/** The inputs to try, one after the other: seeds first, then what comes of them. */
export function* inputs({ seeds, words }: Target, random: Random): Generator<Buffer, never> {
  yield* seeds
  const pool = [...seeds]
  for (;;) {
    const input = mutate(random.one(pool, Buffer.alloc(0)), words, seeds, random)
    yield input
    // Seeds stay, for most of what comes of them is refused at the first look; long ones would only grow.
    if (random.below(20) === 0 && input.length < LONGEST_POOLED) pool[seeds.length + random.below(POOL)] = input
    if (random.below(2000) === 0) pool.length = seeds.length
  }
}

/** Undefined when the target took it as it promises, and in time. */
export async function tryInput(target: Target, input: Buffer): Promise<Finding | undefined> {
  const begun = process.cpuUsage()
  try {
    await target.check(input)
  } catch (error) {
    return { input, what: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
  const { user, system } = process.cpuUsage(begun)
  const took = (user + system) / 1000
  return took > PATIENCE ? { input, what: `took ${Math.round(took)} ms` } : undefined
}

/** A shorter input with the same first line of what is wrong, as far as leaving out pieces finds one. */
export async function shorten(target: Target, finding: Finding): Promise<Finding> {
  let best = finding
  for (let size = finding.input.length >> 1; size > 0; size >>= 1) {
    for (let start = 0; start + size <= best.input.length; ) {
      const input = Buffer.concat([best.input.subarray(0, start), best.input.subarray(start + size)])
      const found = await tryInput(target, input)
      if (found && firstLine(found) === firstLine(finding)) best = found
      else start += size
    }
  }
  return best
}

function firstLine({ what }: Finding): string {
  return what.split('\n')[0]?.replaceAll(/\d+/g, '0') ?? ''
}
