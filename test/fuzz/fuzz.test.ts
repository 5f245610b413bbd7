import t from 'tap'
import { inputs, tryInput } from './fuzz.ts'
import { heap } from './heap.ts'
import { createRandom } from './random.ts'
import { regressionsOf } from './regressions.ts'
import { targets } from './targets/index.ts'

const ROUNDS = 10_000
const SEED = 20_170_109

for (const target of targets) {
  t.test(`${target.name}: what was found once is not found again`, async t => {
    for (const { file, input } of regressionsOf(target)) t.equal((await tryInput(target, input))?.what, undefined, file)
    for (const input of target.seeds) t.equal((await tryInput(target, input))?.what, undefined)
  })

  t.test(`${target.name}: ${ROUNDS} rounds find nothing`, async t => {
    const candidates = inputs(target, createRandom(SEED))
    const findings: string[] = []
    let before = 0
    for (let round = 0; round < ROUNDS && findings.length < 3; round++) {
      if (round === ROUNDS / 2) before = heap()
      const found = await tryInput(target, candidates.next().value)
      if (found) findings.push(`${found.input.toString('base64').slice(0, 2000)}: ${found.what}`)
    }
    t.strictSame(findings, [])
    const grown = heap() - before
    t.ok(grown < 16, `the heap grew by ${grown} MB`)
  })
}
