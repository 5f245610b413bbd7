import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { race, scratch } from '../store/processes.ts'
import { startUpstream, tokenNumber } from '../token/fake-upstream.ts'

const CARRIER = fileURLToPath(new URL('../token/carrier.js', import.meta.url))
const PROCESSES = 16

t.test(`${PROCESSES} processes that want a token at once fetch one`, async t => {
  const { base, questions } = await startUpstream(t)
  const directory = path.join(scratch(t), 'wamp www', '微信', 'var')
  const carry = () => race(t, PROCESSES, CARRIER, [JSON.stringify({ directory, base })])
  const tokens = await carry()
  t.equal(questions.length, 1)
  t.strictSame(tokens.flat(), Array(PROCESSES).fill(tokenNumber(1)))
})
