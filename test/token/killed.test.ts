import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startRacer } from '../store/processes.ts'
import type { CarrierOptions } from './carrier.ts'
import { startUpstream } from './fake-upstream.ts'
import { filesIn, place, provider } from './provider.ts'

const CARRIER = fileURLToPath(new URL('./carrier.js', import.meta.url))

t.test('200 times kill -9 at a random moment leave a store that works, and hardly any litter', async t => {
  const { base, questions } = await startUpstream(t)
  const directory = place(t)
  const options = JSON.stringify({ directory, base, lease: 100 } satisfies CarrierOptions)
  for (let round = 0; round < 100; round++) {
    const before = questions.length
    const racers = await Promise.all([0, 1, 2, 3].map(() => startRacer(t, CARRIER, [options])))
    const [doomed, spared] = [racers.slice(0, 2), racers.slice(2)]
    for (const { start } of round % 2 ? racers : racers.toReversed()) start()
    for (const { child } of doomed) setTimeout(() => child.kill('SIGKILL'), Math.random() * 30)
    const [first = [], second = []] = await Promise.all(spared.map(({ finished }) => finished))
    t.match(first[0], /^token-\d+-x+$/)
    t.strictSame(second, first)
    t.ok(questions.length - before <= 3)
    await provider(directory, base).invalidate(first[0] ?? '')
  }
  const left = filesIn(directory)
  t.ok(left.length <= 220, `${left.length} files are left`)
})
