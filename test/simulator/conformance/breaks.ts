import type { Test } from 'tap'
import type { Defect } from './defect.ts'
import { namesOf, play } from './play.ts'
import { startResponder } from './responder.ts'

/** One test for each defect: exactly what it breaks fails. */
export function testDefects(t: Test, defects: readonly Defect[]): void {
  for (const defect of defects) {
    t.test(`a responder that ${defect.name} fails in exactly what that breaks`, async t => {
      const run = await play(await startResponder(t, defect.mode ?? 'compatible', defect.change), defect)
      t.strictSame(namesOf(run, 'failed'), defect.fails)
    })
  }
}
