import assert from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { Connection } from '../../../src/gateway/fastcgi/connection.ts'
import type { FastcgiRequest } from '../../../src/gateway/fastcgi/exchange.ts'
import { DEFAULT_LIMITS } from '../../../src/gateway/fastcgi/limits.ts'
import { ABORT, begin, GET_VALUES, pair, record, request } from './client.ts'

/** A connection, and what it has done so far. */
function open() {
  const sent: Buffer[] = []
  const asked: string[] = []
  const violations: string[] = []
  const clock = { now: 0 }
  const late: Buffer[] = []
  const done = { sent, asked, violations, clock, late, finished: 0 }
  const connection = new Connection({
    limits: DEFAULT_LIMITS,
    clock,
    send: bytes => sent.push(bytes),
    late: () => late.shift() ?? Buffer.alloc(0),
    finish: () => done.finished++,
    violation: reason => violations.push(reason),
    async answer({ request }: FastcgiRequest) {
      asked.push(`${request.query} ${request.body.length} ${request.bodyFault}`)
      return Buffer.from(`reply to ${request.query}`)
    },
  })
  return { connection, done }
}

function answered() {
  return new Promise(resolve => setImmediate(resolve))
}

/** What a connection does with bytes that come in these pieces. */
async function run(chunks: readonly Buffer[]) {
  const { connection, done } = open()
  for (const chunk of chunks) connection.receive(chunk)
  await answered()
  return { ...done, sent: Buffer.concat(done.sent).toString('latin1') }
}

const SESSION = Buffer.concat([
  request('one', 'body', { id: 1, keep: true }),
  record(GET_VALUES, 0, pair('FCGI_MPXS_CONNS', '')),
  record(12, 0, 'unknown', 3),
  begin(7, { keep: true }),
  request('two', 'b'.repeat(2000), { id: 2, keep: true }),
  record(ABORT, 7),
  request('three', '', { id: 3 }),
])

t.test('however a session is cut, it asks the same and ends once', async t => {
  const cuts = fc.array(fc.integer({ min: 0, max: SESSION.length }), { maxLength: 40 })
  const property = fc.asyncProperty(cuts, async cuts => {
    const borders = [0, ...cuts.sort((a, b) => a - b), SESSION.length]
    const { asked, violations, finished } = await run(
      borders.slice(1).map((end, index) => SESSION.subarray(borders[index], end)),
    )
    assert.deepEqual(asked, ['one 4 undefined', 'two 2000 undefined', 'three 0 undefined'])
    assert.deepEqual(violations, [])
    assert.equal(finished, 1)
  })
  await t.resolves(fc.assert(property, { seed: 42, numRuns: 300 }))
})

t.test('a reply is one piece: STDOUT, its end, END_REQUEST', async t => {
  const { sent } = await run([request('q', '', { id: 258 })])
  t.equal(
    sent,
    '\x01\x06\x01\x02\x00\x0a\x00\x00reply to q' +
      '\x01\x06\x01\x02\x00\x00\x00\x00' +
      '\x01\x03\x01\x02\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00',
  )
})

t.test(
  'a retired connection ends when it has been idle for long enough, and each reply makes that start anew',
  async t => {
    const { connection, done } = open()
    connection.receive(request('one', '', { keep: true }))
    await answered()
    const after = (milliseconds: number) => {
      done.clock.now += milliseconds
      connection.retire(100, false)
      connection.tick()
      return done.finished
    }
    t.equal(after(1000), 0, 'what it was idle before does not count')
    t.equal(after(99), 0)
    connection.receive(request('two', '', { keep: true }))
    await answered()
    t.equal(after(99), 0)
    t.equal(after(1), 1)
    t.same(done.asked, ['one 0 undefined', 'two 0 undefined'])
  },
)

t.test('a hurried connection ends with its next reply', async t => {
  const { connection, done } = open()
  connection.receive(request('one', '', { keep: true }))
  await answered()
  connection.retire(100, true)
  connection.tick()
  t.equal(done.finished, 0, 'not while it may be about to bring a request')
  connection.receive(request('two', '', { keep: true }))
  t.equal(done.finished, 0)
  await answered()
  t.equal(done.finished, 1)
})

t.test('a request that comes in the very moment in which a retired connection would end is answered', async t => {
  for (const [what, hurried] of Object.entries({ idle: false, hurried: true })) {
    const { connection, done } = open()
    connection.receive(request('one', '', { keep: true }))
    connection.retire(100, hurried)
    done.late.push(request('two', '', { keep: true }))
    await answered()
    done.clock.now += 100
    connection.tick()
    await answered()
    t.same(done.asked, ['one 0 undefined', 'two 0 undefined'], what)
    t.equal(done.sent.length, 2)
    done.clock.now += 100
    connection.tick()
    t.equal(done.finished, 1, 'and then it ends')
  }
})

t.test('a connection that the peer wants closed is not looked at again', async t => {
  const { connection, done } = open()
  done.late.push(request('late', ''))
  connection.receive(request('one', ''))
  await answered()
  t.same([done.asked, done.finished], [['one 0 undefined'], 1])
})
