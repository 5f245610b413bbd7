import t from 'tap'
import { requireApache } from '../integration/deployment.ts'
import { batter, startApacheTarget } from './apache.ts'
import { tryInput } from './fuzz.ts'
import { createRandom } from './random.ts'
import { regressionsOf } from './regressions.ts'

const ROUNDS = 5000
const SEED = 20_170_109

const apache = process.platform === 'win32' ? undefined : requireApache(t)

if (apache) {
  t.test(`apache: ${ROUNDS} rounds find nothing, nothing grows, and good requests are answered as before`, async t => {
    const target = await startApacheTarget(t, apache)
    for (const { file, input } of regressionsOf(target)) t.equal((await tryInput(target, input))?.what, undefined, file)
    for (const input of target.seeds) t.equal((await tryInput(target, input))?.what, undefined)
    const good = await target.answers()
    for (const answer of good) t.match(answer, '<![CDATA[hi]]>')

    const { findings } = await batter(target, createRandom(SEED), rounds => rounds < ROUNDS)

    t.strictSame(
      findings.map(({ input, what }) => `${input.toString('base64').slice(0, 2000)}: ${what}`),
      [],
    )
    t.strictSame(target.complaints(), [])
    t.strictSame(await target.answers(), good)
    for (const status of [200, 400, 403]) t.ok((target.seen.get(status) ?? 0) > 10, `${status} is among the answers`)
  })
}
