import t from 'tap'
import { createQuotas } from '../../../src/simulator/api/quotas.ts'
import { createTokens } from '../../../src/simulator/api/tokens.ts'
import { NOW } from '../sample.ts'

function tokens() {
  const time = { now: NOW }
  let count = 0
  const desk = createTokens(
    () => time.now,
    () => `TOKEN-${String(++count).padStart(20, '0')}`,
  )
  const errcode = (token: string | null) => {
    try {
      desk.check(token)
      return 0
    } catch (error) {
      return (error as { errcode: number }).errcode
    }
  }
  const pass = (seconds: number) => {
    time.now += seconds * 1000
  }
  return { desk, errcode, pass }
}

t.test('every classic call makes a new token, and the one before works for five minutes more', async t => {
  const { desk, errcode, pass } = tokens()
  const one = desk.classic()
  const two = desk.classic()
  t.strictSame([one.expires_in, two.expires_in], [7200, 7200])
  t.not(one.access_token, two.access_token)
  pass(299)
  t.equal(errcode(one.access_token), 0)
  pass(1)
  t.equal(errcode(one.access_token), 40001)
  t.equal(errcode(two.access_token), 0)
  pass(6900)
  t.equal(errcode(two.access_token), 42001)
})

t.test('stable_token gives the same until its last five minutes, then a new one beside it', async t => {
  const { desk, errcode, pass } = tokens()
  const one = desk.stable(false)
  pass(6800)
  t.strictSame(desk.stable(false), { access_token: one.access_token, expires_in: 400 })
  pass(100)
  const two = desk.stable(false)
  t.not(two.access_token, one.access_token)
  t.equal(two.expires_in, 7200)
  t.strictSame([errcode(one.access_token), errcode(two.access_token)], [0, 0])
  pass(300)
  t.strictSame([errcode(one.access_token), errcode(two.access_token)], [42001, 0])
})

t.test('force_refresh ends the current token, not within 30 s, and 20 times a day', async t => {
  const { desk, errcode, pass } = tokens()
  let current = desk.stable(true).access_token
  const forced = desk.stable(true).access_token
  t.not(forced, current)
  t.equal(errcode(current), 40001)
  pass(29)
  t.equal(desk.stable(true).access_token, forced)
  for (let time = 2; time <= 20; time++) {
    pass(30)
    current = desk.stable(true).access_token
  }
  pass(30)
  t.throws(() => desk.stable(true), { message: 'reach max api daily quota limit' })
  t.equal(desk.stable(false).access_token, current)
  pass(86_400)
  t.doesNotThrow(() => desk.stable(true))
})

t.test('the two kinds do not end each other', async t => {
  const { desk, errcode, pass } = tokens()
  const stable = desk.stable(false).access_token
  const classic = desk.classic().access_token
  pass(600)
  desk.stable(true)
  t.strictSame([errcode(stable), errcode(classic)], [40001, 0])
})

t.test('no token, a malformed one and a foreign one are told apart', async t => {
  const { errcode } = tokens()
  t.strictSame(
    [null, '', 'short', 'with a blank in the middle', 'x'.repeat(100)].map(errcode),
    [41001, 41001, 40014, 40014, 40001],
  )
})

t.test('calls are counted until midnight in Beijing', async t => {
  // 2030-01-01 23:59:59 in Beijing
  const time = { now: Date.UTC(2030, 0, 1, 15, 59, 59) }
  const quotas = createQuotas(() => time.now)
  quotas.count('/a', 2)
  quotas.count('/a', 2)
  t.throws(() => quotas.count('/a', 2), { message: 'reach max api daily quota limit' })
  t.equal(quotas.used('/a'), 2)
  t.equal(quotas.used('/b'), 0)
  time.now += 1000
  t.equal(quotas.used('/a'), 0)
})

t.test('calls are counted by the minute where there is a limit', async t => {
  const time = { now: NOW }
  const quotas = createQuotas(() => time.now)
  quotas.count('/a', 100, 1)
  t.throws(() => quotas.count('/a', 100, 1), { message: /^api minute-quota reach limit/ })
  time.now += 60_000
  t.doesNotThrow(() => quotas.count('/a', 100, 1))
  t.equal(quotas.used('/a'), 2)
})

t.test('the counters may be cleared ten times a month, and those of single paths fifty times', async t => {
  const time = { now: NOW }
  const quotas = createQuotas(() => time.now)
  for (let clearing = 1; clearing <= 10; clearing++) {
    quotas.count('/a', 1)
    quotas.clear()
  }
  t.throws(() => quotas.clear(), { message: /^forbid to clear quota/ })
  quotas.count('/a', 1)
  for (let clearing = 1; clearing <= 50; clearing++) quotas.clear('/a')
  t.equal(quotas.used('/a'), 0)
  t.throws(() => quotas.clear('/a'), { message: /^forbid to clear quota/ })
  time.now += 31 * 86_400_000
  t.doesNotThrow(() => quotas.clear())
})
