import t from 'tap'
import { createQuotas } from '../../../src/simulator/api/quotas.ts'

const [ONE, TWO] = ['/cgi-bin/one', '/cgi-bin/two']
/** 23:59:30 in Beijing, on the last day of a month. */
const EVENING = Date.parse('2030-01-31T15:59:30Z')

function quotas() {
  const time = { now: EVENING }
  return { time, ...createQuotas(() => time.now) }
}

t.test('a path has its calls a day, which begin anew at midnight in Beijing', async t => {
  const { time, count, used } = quotas()
  count(ONE, 2)
  count(ONE, 2)
  t.throws(() => count(ONE, 2), { name: 'ApiRefusal', errcode: 45009 })
  t.strictSame([used(ONE), used(TWO)], [2, 0])
  time.now += 29_999
  t.equal(used(ONE), 2)
  time.now += 1
  t.equal(used(ONE), 0)
  count(ONE, 2)
  t.equal(used(ONE), 1)
})

t.test('and some have calls a minute', async t => {
  const { time, count, used } = quotas()
  count(ONE, 9, 2)
  count(ONE, 9, 2)
  t.throws(() => count(ONE, 9, 2), { name: 'ApiRefusal', errcode: 45011 })
  t.equal(used(ONE), 2, 'what is refused does not count')
  time.now += 30_000
  count(ONE, 9, 2)
  t.equal(used(ONE), 1)
})

t.test('one path or all are cleared, so often a month', async t => {
  const { time, count, used, clear } = quotas()
  count(ONE, 9)
  count(TWO, 9)
  clear(ONE)
  t.strictSame([used(ONE), used(TWO)], [0, 1])
  clear()
  t.strictSame([used(ONE), used(TWO)], [0, 0])
  for (let times = 2; times <= 10; times++) clear()
  t.throws(() => clear(), { name: 'ApiRefusal', errcode: 48006 })
  for (let times = 2; times <= 50; times++) clear(TWO)
  t.throws(() => clear(TWO), { name: 'ApiRefusal', errcode: 48006 })
  time.now += 30_000
  t.doesNotThrow(() => clear(), 'another month has begun')
})
