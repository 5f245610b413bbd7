import type { Bilingual } from '../../src/errors.ts'
import type { Contestant } from './result.ts'

/** One who is measured once a round. */
export interface Round {
  readonly name: Bilingual
  readonly measure: () => Promise<Measurement>
}

export interface Measurement {
  readonly value: number
  /** Why the value counts for nothing: an answer was missing or wrong. */
  readonly fault?: string
}

/**
 * Measures all in turn, round after round, so that what else happens on the machine hits all alike. A first round, in which
 * caches are filled and code is compiled, does not count; its faults do.
 */
export async function measureRounds(
  contestants: readonly Round[],
  rounds: number,
  { progress, fail }: { readonly progress: (round: number) => void; readonly fail: (fault: string) => void },
): Promise<readonly Contestant[]> {
  const values = contestants.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    progress(round)
    for (const [index, { name, measure }] of contestants.entries()) {
      const { value, fault } = await measure()
      if (fault) fail(`${name.en}: ${fault}`)
      if (round > 0) values[index]?.push(value)
    }
  }
  return contestants.map(({ name }, index) => ({ name, values: values[index] ?? [] }))
}
