import t from 'tap'
import { tokenError } from '../../src/token/token-error.ts'
import { tokenNumber } from './fake-upstream.ts'
import { machine } from './machine.ts'

const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR

t.test('a clock that jumps an hour forward costs one fetch at most', async t => {
  const { world, provider } = machine()
  const { get } = provider()
  await get()
  world.now += HOUR
  t.equal((await get()).value, tokenNumber(1))
  world.now += HOUR
  t.equal((await get()).value, tokenNumber(2))
})

for (const [what, jump] of [
  ['an hour back', -HOUR],
  ['ten years back', -10 * YEAR],
  ['ten years forward', 10 * YEAR],
] as const) {
  t.test(`a clock that jumps ${what} makes the token be fetched anew, once, in every process`, async t => {
    const { world, provider } = machine()
    const one = provider()
    await one.get()
    world.now += jump
    t.equal((await one.get()).value, tokenNumber(2))
    t.equal((await provider().get()).value, tokenNumber(2))
    world.now -= jump
    const { value } = await one.get()
    t.equal((await provider().get()).value, value)
    t.ok(world.calls <= 3)
  })
}

t.test('a clock that jumps back does not make a failure wait for longer', async t => {
  const { world, provider } = machine()
  world.failing = () => tokenError(40125, 'api.weixin.qq.com')
  await t.rejects(provider().get(), { code: 40125 })
  world.failing = undefined
  world.now -= HOUR
  t.equal((await provider().get()).value, tokenNumber(2))
})
