import t from 'tap'
import { tokenError } from '../../src/token/token-error.ts'
import { tokenNumber } from './fake-upstream.ts'
import { machine } from './machine.ts'

const SECOND = 1000

t.test('a token that ends while upstream fails is used to its end', async t => {
  const { world, provider } = machine()
  const { get } = provider()
  const { expires } = await get()
  world.failing = () => tokenError(-1, 'api.weixin.qq.com')
  world.now = expires - 300 * SECOND
  t.equal((await get()).value, tokenNumber(1))
  world.now = expires - 1
  t.equal((await get()).value, tokenNumber(1))
  t.match(world.lines[0], /^warn: no access token from api.weixin.qq.com: -1: WeChat is busy/)
  world.now = expires
  await t.rejects(get(), { name: 'TokenError', code: -1 })
})

t.test('after a failure nobody asks for 1, 2, 4 and at last 60 seconds', async t => {
  const { world, provider } = machine()
  world.failing = () => tokenError('TIMEOUT', 'api.weixin.qq.com')
  const one = provider()
  const other = provider()
  const waits: number[] = []
  for (let i = 0; i < 9; i++) {
    await t.rejects(one.get(), { code: 'TIMEOUT' })
    const { calls } = world
    const failed = world.now
    while (world.calls === calls) {
      world.now += SECOND
      await t.rejects(other.get(), {
        name: 'TokenError',
        code: 'TIMEOUT',
        message: /did not answer in time/,
        zh: /未能及时应答/,
      })
    }
    waits.push((world.now - failed) / SECOND)
  }
  // Each round fails twice: when it is first asked, and when the wait is over.
  t.strictSame(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60])
  t.equal(world.paused, 0)
})

t.test('what does not pass by itself is asked again after a minute', async t => {
  const { world, provider } = machine()
  world.failing = () => tokenError(40125, 'api.weixin.qq.com')
  await t.rejects(provider().get(), { code: 40125 })
  world.now += 59_999
  await t.rejects(provider().get(), { code: 40125, lasting: true })
  t.equal(world.calls, 1)
  t.match(world.lines, [/^error: no access token/])
  world.now += 1
  world.failing = undefined
  t.equal((await provider().get()).value, tokenNumber(2))
})

t.test('a secret that has been put right counts at once', async t => {
  const { world, provider } = machine()
  world.failing = () => tokenError(40125, 'api.weixin.qq.com')
  await t.rejects(provider({ secret: 'wrong' }).get(), { code: 40125 })
  world.failing = undefined
  t.equal((await provider({ secret: 'right' }).get()).value, tokenNumber(2))
})

t.test('failures are forgotten after a success', async t => {
  const { world, provider } = machine()
  const { get, invalidate } = provider()
  world.failing = () => tokenError(-1, 'api.weixin.qq.com')
  for (const wait of [1, 2, 4]) {
    await t.rejects(get(), { code: -1 })
    world.now += wait * SECOND
  }
  world.failing = undefined
  await invalidate((await get()).value)
  world.failing = () => tokenError(-1, 'api.weixin.qq.com')
  await t.rejects(get(), { code: -1 })
  world.now += SECOND
  world.failing = undefined
  t.equal((await get()).value, tokenNumber(6))
})

t.test('a defect of the endpoint is not taken for a failure of WeChat', async t => {
  const { world, provider } = machine()
  world.failing = () => new TypeError('a defect')
  const { get } = provider()
  await t.rejects(get(), { name: 'TypeError' })
  world.failing = undefined
  t.equal((await get()).value, tokenNumber(2))
})

t.test('whoever waits learns of the failure of whoever fetches', async t => {
  const { world, provider } = machine()
  const other = provider()
  world.failing = () => tokenError(-1, 'api.weixin.qq.com')
  let waiting: Promise<unknown> | undefined
  world.during = async () => {
    waiting = t.rejects(other.get(), { code: -1 })
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  await t.rejects(provider().get(), { code: -1 })
  await waiting
  t.equal(world.calls, 1)
})
