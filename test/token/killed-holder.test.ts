import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { scratch } from '../store/processes.ts'
import type { Moment } from './carrier.ts'
import { carry, startCarrier, tokenFile } from './carriers.ts'
import { startUpstream, tokenNumber } from './fake-upstream.ts'
import { filesIn, place, provider } from './provider.ts'

const windows = process.platform === 'win32'

for (const [moment, calls] of [
  ['after the lease', 1],
  ['after the fetch', 2],
  ['before the rename', 2],
  ['after the rename', 1],
] as const satisfies readonly (readonly [Moment, number])[]) {
  t.test(`when the one that fetches is killed ${moment}, the others have one token in common`, async t => {
    const { base, questions } = await startUpstream(t)
    const directory = place(t)
    const victim = path.join(scratch(t), 'victim')
    const tokens = await carry(t, 8, { directory, base, lease: 300, moment, victim })
    t.equal(fs.existsSync(victim), true)
    t.equal(questions.length, calls)
    t.strictSame(tokens.flat(), Array(7).fill(tokenNumber(calls)))
    const left = filesIn(directory)
    t.ok(left.length <= 6, `${left.length} files are left`)
    t.equal((await provider(directory, base).get()).value, tokenNumber(calls))
  })
}

t.test(
  'one that is stopped with its answer, for longer than its lease, does not overwrite the newer token',
  { skip: windows },
  async t => {
    const { base, questions } = await startUpstream(t)
    const directory = place(t)
    const victim = path.join(scratch(t), 'victim')
    const options = { directory, base, lease: 300, moment: 'after the fetch', signal: 'SIGSTOP', victim } as const
    const racers = await Promise.all(Array.from({ length: 8 }, () => startCarrier(t, options)))
    for (const { start } of racers) start()
    // The stopped one cannot end. The others do, after one of them has waited for the end of the lease.
    let running = racers.length
    await new Promise<void>(resolve => {
      for (const { finished } of racers) finished.then(() => --running === 1 && resolve())
    })
    t.equal(questions.length, 2)
    const before = fs.readFileSync(tokenFile(directory), 'utf8')
    process.kill(Number(fs.readFileSync(victim, 'utf8')), 'SIGCONT')
    const tokens = await Promise.all(racers.map(({ finished }) => finished))
    t.strictSame(tokens.flat(), Array(8).fill(tokenNumber(2)))
    t.equal(fs.readFileSync(tokenFile(directory), 'utf8'), before)
    t.equal(questions.length, 2)
  },
)
