import t from 'tap'
import type { Store } from '../../src/store/types.ts'
import { tokenError } from '../../src/token/token-error.ts'
import { tokenNumber } from './fake-upstream.ts'
import { broken, machine } from './machine.ts'

const SECOND = 1000

t.test(
  'a store that fails throughout does not keep anybody from a token, nor makes one fetch again and again',
  async t => {
    const { world, store, provider } = machine()
    const { get } = provider({ store: broken(store, 'get', 'add', 'set', 'replace', 'remove') })
    t.equal((await get()).value, tokenNumber(1))
    for (let i = 0; i < 100; i++) {
      world.now += 10 * SECOND
      t.equal((await get()).value, tokenNumber(1))
    }
    t.strictSame(world.lines, ['warn: cannot use /store: the disk is full'])
    world.now += 7_200_000
    t.equal((await get()).value, tokenNumber(2))
  },
)

t.test('a store that fails throughout does not make anybody hammer upstream', async t => {
  const { world, store, provider } = machine()
  world.failing = () => tokenError(-1, 'api.weixin.qq.com')
  const { get } = provider({ store: broken(store, 'get', 'add', 'set', 'replace', 'remove') })
  for (let i = 0; i < 100; i++) await t.rejects(get(), { code: -1 })
  t.equal(world.calls, 1)
})

t.test('a token that could not be stored is stored as soon as it can', async t => {
  const { world, store, provider } = machine()
  let disk = broken(store, 'add', 'set', 'replace', 'remove')
  const { get } = provider({ store: { ...store, get: store.get, add: (...args) => disk.add(...args) } })
  t.equal((await get()).value, tokenNumber(1))
  world.now += SECOND
  t.equal((await get()).value, tokenNumber(1))
  disk = store
  world.now += SECOND
  t.equal((await get()).value, tokenNumber(1))
  t.equal((await provider().get()).value, tokenNumber(1))
  t.equal(world.calls, 1)
})

t.test('a token that was refused is not taken again from a store that cannot remove it', async t => {
  const { world, store, provider } = machine()
  await provider().get()
  const { get, invalidate } = provider({ store: broken(store, 'add', 'set', 'replace', 'remove') })
  await invalidate((await get()).value)
  t.equal((await get()).value, tokenNumber(2))
  world.now += SECOND
  t.equal((await get()).value, tokenNumber(2))
  t.equal(world.calls, 2)
})

for (const [what, text] of Object.entries({
  nothing: '',
  'no JSON': '{"value":',
  'JSON of another shape': '[1,2,3]',
  null: 'null',
  'a token that is too short': '{"value":"short","expires":1700007200000,"fetched":1700000000000}',
  'a token that ends too late': `{"value":"${'x'.repeat(99)}","expires":1900000000000,"fetched":1700000000000}`,
  'a token from the future': `{"value":"${'x'.repeat(99)}","expires":1700007200000,"fetched":1700000006000}`,
  'a token without times': `{"value":"${'x'.repeat(99)}"}`,
})) {
  t.test(`a store that holds ${what} gets a new token`, async t => {
    const { world, store, provider } = machine()
    const planted: Store = {
      ...store,
      get: async key => (await store.get(key)) ?? (key.startsWith('token:') ? text : undefined),
    }
    t.equal((await provider({ store: planted }).get()).value, tokenNumber(1))
    t.equal((await provider().get()).value, tokenNumber(1))
    t.equal(world.calls, 1)
  })
}
