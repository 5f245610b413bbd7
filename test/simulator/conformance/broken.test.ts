import t from 'tap'
import { checks } from '../../../src/simulator/conformance/checks/index.ts'
import { brokenDocuments } from './broken-documents.ts'
import { brokenReplies } from './broken-replies.ts'
import { brokenRequests } from './broken-requests.ts'

t.test('every check is failed by one of the broken responders', async t => {
  const failed = new Set([...brokenRequests, ...brokenDocuments, ...brokenReplies].flatMap(({ fails }) => fails))
  t.strictSame(
    checks.map(({ name }) => name).filter(name => !failed.has(name)),
    [],
  )
})
