import t from 'tap'
import type { Store } from '../../src/store/types.ts'
import { tokenError } from '../../src/token/token-error.ts'
import { tokenNumber } from './fake-upstream.ts'
import { broken, machine } from './machine.ts'

const SECOND = 1000

t.test('one token is fetched, for all calls and all processes', async t => {
  const { world, provider } = machine()
  const first = provider()
  const tokens = await Promise.all([first.get(), first.get(), first.get()])
  t.strictSame(
    tokens.map(({ value }) => value),
    [tokenNumber(1), tokenNumber(1), tokenNumber(1)],
  )
  t.strictSame(await provider().get(), tokens[0])
  t.strictSame(tokens[0], { value: tokenNumber(1), fetched: world.now, expires: world.now + 7_200_000 })
  t.equal(world.calls, 1)
})

t.test('the store is looked at once a second at most', async t => {
  const { world, store, provider } = machine()
  let looks = 0
  const counting: Store = {
    ...store,
    async get(key) {
      looks++
      return store.get(key)
    },
  }
  const { get } = provider({ store: counting })
  await get()
  looks = 0
  for (let i = 0; i < 100; i++) await get()
  t.equal(looks, 0)
  world.now += SECOND
  for (let i = 0; i < 100; i++) await get()
  t.equal(looks, 1)
})

t.test('a token is renewed 300 to 420 seconds before it ends, by one process, and the others go on', async t => {
  for (const [random, early] of [
    [0, 300],
    [0.5, 360],
    [1, 420],
  ] as const) {
    const { world, provider } = machine()
    const one = provider({ random: () => random })
    await one.get()
    world.now += 7_200_000 - early * SECOND - 1
    t.equal((await one.get()).value, tokenNumber(1))
    world.now += 1
    const other = provider()
    world.during = async () => {
      t.equal((await other.get()).value, tokenNumber(1))
      t.equal((await one.get()).value, tokenNumber(1))
    }
    t.equal((await one.get()).value, tokenNumber(2))
    world.now += SECOND
    t.equal((await other.get()).value, tokenNumber(2))
    t.equal(world.calls, 2)
  }
})

t.test('a token that WeChat gives for five minutes only is not renewed at once', async t => {
  const { world, provider } = machine()
  world.lifetime = 300 * SECOND
  const { get } = provider()
  await get()
  world.now += 149 * SECOND
  await get()
  t.equal(world.calls, 1)
  world.now += SECOND
  await get()
  t.equal(world.calls, 2)
})

t.test('a token that the API refuses is fetched anew, once for all processes that were refused', async t => {
  const { world, provider } = machine()
  const one = provider()
  const other = provider()
  const { value } = await one.get()
  await other.get()
  await one.invalidate(value)
  t.equal((await one.get()).value, tokenNumber(2))
  await other.invalidate(value)
  t.equal((await other.get()).value, tokenNumber(2))
  t.equal(world.calls, 2)
})

t.test('a token that was refused elsewhere is not used here after a second', async t => {
  const { world, provider } = machine()
  const one = provider()
  const other = provider()
  await other.get()
  await one.invalidate(tokenNumber(1))
  await one.get()
  world.now += SECOND
  t.equal((await other.get()).value, tokenNumber(2))
})

t.test('refusing another token than the one in use changes nothing', async t => {
  const { world, provider } = machine()
  const { get, invalidate } = provider()
  await get()
  await invalidate('some older token')
  t.equal((await get()).value, tokenNumber(1))
  t.equal(world.calls, 1)
})

t.test('two accounts, and two endpoints of one, have nothing to do with each other', async t => {
  const { world, provider } = machine()
  const classic = { name: 'token', fetch: async () => ({ value: 'c'.repeat(136), lifetime: 7_200_000 }) }
  const first = provider()
  const second = provider({ appId: 'wx02' })
  t.equal((await first.get()).value, tokenNumber(1))
  t.equal((await second.get()).value, tokenNumber(2))
  t.equal((await provider({ endpoint: classic }).get()).value, 'c'.repeat(136))
  await first.invalidate(tokenNumber(1))
  t.equal((await second.get()).value, tokenNumber(2))
  t.equal((await first.get()).value, tokenNumber(3))
  t.equal(world.calls, 3)
})

t.test('neither the secret nor a token is ever logged', async t => {
  const { world, store, provider } = machine()
  world.failing = () => tokenError(40125, 'api.weixin.qq.com', 'invalid appsecret')
  await t.rejects(provider({ store: broken(store, 'add') }).get(), { code: 40125 })
  t.equal(world.lines.length, 2)
  t.notMatch(world.lines.join(), /0123456789abcdef|token-1/)
  const working = machine()
  await working.provider().get()
  t.strictSame(working.world.remarks, ['access token fetched {"token":"fetched","seconds":7200,"ms":0}'])
})
