import t from 'tap'
import { checks } from '../../../src/simulator/conformance/checks/index.ts'
import { brokenDocuments } from './broken-documents.ts'
import { brokenReplies } from './broken-replies.ts'
import { brokenRequests } from './broken-requests.ts'
import { namesOf, play } from './play.ts'
import { startResponder } from './responder.ts'

const defects = [...brokenRequests, ...brokenDocuments, ...brokenReplies]

for (const defect of defects) {
  t.test(`a responder that ${defect.name} fails in exactly what that breaks`, async t => {
    const run = await play(await startResponder(t, defect.mode ?? 'compatible', defect.change), defect)
    t.strictSame(namesOf(run, 'failed'), defect.fails)
  })
}

t.test('every check is failed by one of these responders', async t => {
  const failed = new Set(defects.flatMap(({ fails }) => fails))
  t.strictSame(
    checks.map(({ name }) => name).filter(name => !failed.has(name)),
    [],
  )
})
