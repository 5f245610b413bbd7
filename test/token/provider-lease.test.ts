import t from 'tap'
import type { Store } from '../../src/store/types.ts'
import { tokenNumber } from './fake-upstream.ts'
import { machine } from './machine.ts'

t.test('whoever waits gets the token of whoever fetches', async t => {
  const { world, provider } = machine()
  const one = provider()
  const other = provider()
  let waiting: Promise<unknown> | undefined
  world.during = async () => {
    waiting = other.get()
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  const { value } = await one.get()
  t.strictSame(await waiting, await one.get())
  t.equal(value, tokenNumber(1))
  t.equal(world.calls, 1)
})

t.test('whoever gets the lease after another process has finished does not fetch again', async t => {
  const { world, store, provider } = machine()
  const quicker = provider()
  const slow: Store = {
    ...store,
    async add(key, value, ttl) {
      if (world.calls === 0) await quicker.get()
      return store.add(key, value, ttl)
    },
  }
  t.equal((await provider({ store: slow }).get()).value, tokenNumber(1))
  t.equal(world.calls, 1)
})

/** Leaves a lease behind as a process does that is killed, or stopped, before it has its token. */
async function holdLease({ world, store, provider }: ReturnType<typeof machine>, milliseconds: number) {
  const killed = new Error('killed')
  const keepLease: Store = { ...store, remove: async () => false }
  world.failing = () => killed
  await provider({ store: keepLease, lease: milliseconds })
    .get()
    .catch(error => t.equal(error, killed))
  world.failing = undefined
}

t.test('a lease that nobody comes back for ends after three seconds, and one of those who wait takes it', async t => {
  const here = machine()
  await holdLease(here, 3000)
  const { world, provider } = here
  const before = world.now
  world.now += 100
  t.equal((await provider().get()).value, tokenNumber(2))
  t.ok(world.now - before >= 3000 && world.now - before < 3050)
})

t.test('whoever has waited for three seconds more than a lease lasts fetches without one', async t => {
  const here = machine()
  await holdLease(here, 60_000)
  const { world, provider } = here
  world.paused = 0
  t.equal((await provider().get()).value, tokenNumber(2))
  t.ok(world.paused >= 7000 && world.paused <= 7040)
  t.strictSame(world.lines, ['warn: another process does not finish fetching the access token; not waiting for it'])
  t.equal((await provider().get()).value, tokenNumber(2))
})

t.test('whoever is so slow that his lease ends before he asks leaves the asking to the next', async t => {
  const { world, provider } = machine()
  const endpoint = (prepare: () => Promise<void>) => ({
    name: 'stable_token',
    prepare,
    fetch: async () => ({ value: tokenNumber(++world.calls), lifetime: world.lifetime }),
  })
  const slow = provider({
    endpoint: endpoint(async () => {
      world.now += 6000
      t.equal((await provider().get()).value, tokenNumber(1))
    }),
  })
  t.equal((await slow.get()).value, tokenNumber(1))
  t.equal(world.calls, 1)
})

t.test('whoever is too slow every time asks in the end', async t => {
  const { world, provider } = machine()
  const slow = provider({
    endpoint: {
      name: 'stable_token',
      async prepare() {
        world.now += 6000
      },
      fetch: async () => ({ value: tokenNumber(++world.calls), lifetime: world.lifetime }),
    },
  })
  t.equal((await slow.get()).value, tokenNumber(1))
})

t.test('whoever is still asking begins his lease anew, again and again', async t => {
  const { world, store, provider } = machine()
  let renewed = 0
  let isRenewed = () => {}
  const watched: Store = {
    ...store,
    replace(...call) {
      if (++renewed === 3) isRenewed()
      return store.replace(...call)
    },
  }
  world.during = () => new Promise<void>(resolve => (isRenewed = resolve))
  t.equal((await provider({ store: watched, lease: 40 }).get()).value, tokenNumber(1))
  const after = renewed
  await new Promise(resolve => setImmediate(resolve))
  t.ok(after >= 3)
  t.equal(renewed, after, 'and no more when it is done')
})

t.test('whoever was stopped while he fetched does not overwrite the newer token', async t => {
  const { world, store, provider } = machine()
  const stopped = provider()
  world.during = async () => {
    world.during = async () => {}
    world.now += 6000
    t.equal((await provider().get()).value, tokenNumber(2))
  }
  t.equal((await stopped.get()).value, tokenNumber(2))
  t.equal((await provider({ store }).get()).value, tokenNumber(2))
  t.equal(world.calls, 2)
})
