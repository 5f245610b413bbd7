import t from 'tap'
import { takeLease } from '../../src/session/lease.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import type { Store } from '../../src/store/types.ts'

const random = Math.random

t.test('of many who want it one holds the lease at a time', async t => {
  const store = createMemoryStore(Date.now)
  let holders = 0
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const lease = await takeLease(store, 'key', { random })
      t.equal(++holders, 1)
      t.equal(lease.isHeld(), true)
      await new Promise(resolve => setImmediate(resolve))
      holders--
      await lease.release()
      t.equal(lease.isHeld(), false)
    }),
  )
  t.equal(await store.get('key'), undefined)
})

t.test('a lease whose holder was killed is free after three seconds, and not before', async t => {
  let now = 1_893_456_000_000
  const store = createMemoryStore(() => now)
  let looks = 0
  const watched: Store = {
    ...store,
    add(...entry) {
      // It was taken by somebody who will never come back.
      if (++looks === 3) now += 2999
      if (looks === 6) now += 1
      return store.add(...entry)
    },
  }
  await store.add('key', 'killed', 3000)
  await takeLease(watched, 'key', { random })
  t.equal(looks, 6)
})

t.test('nobody waits for a lease longer than his message is worth', async t => {
  const store = createMemoryStore(Date.now)
  await store.add('key', 'somebody', 60_000)
  await t.rejects(takeLease(store, 'key', { random, signal: AbortSignal.abort() }), {
    name: 'FollowerBusyError',
    message: /^another message of the same follower was being handled until this one had to be given up/,
    zh: /^同一关注者的上一条消息一直在处理中/,
  })
})

t.test('a lease that somebody else has taken is no longer held, and stays his', async t => {
  const store = createMemoryStore(Date.now)
  const lease = await takeLease(store, 'key', { random })
  t.equal(await lease.renew(), true)
  await store.set('key', 'somebody else', 60_000)
  t.equal(await lease.renew(), false)
  t.equal(lease.isHeld(), false)
  await lease.release()
  t.equal(await store.get('key'), 'somebody else')
})

t.test('a lease is renewed for three seconds more, until its message is given up', async t => {
  let now = 1_893_456_000_000
  const store = createMemoryStore(() => now)
  const givingUp = new AbortController()
  const lease = await takeLease(store, 'key', { random, signal: givingUp.signal })
  now += 2000
  await lease.renew()
  now += 2000
  t.equal(await store.add('key', 'somebody else', 60_000), false)
  givingUp.abort()
  t.equal(lease.isHeld(), false)
  t.equal(await lease.renew(), false)
  now += 1000
  t.equal(await store.add('key', 'somebody else', 60_000), true)
})

t.test('a store that fails once costs nobody the lease, nor his answer', async t => {
  const store = createMemoryStore(Date.now)
  let away = true
  const failing: Store = {
    ...store,
    replace: (...entry) => (away ? Promise.reject(new Error('away')) : store.replace(...entry)),
    remove: () => Promise.reject(new Error('away')),
  }
  const lease = await takeLease(failing, 'key', { random })
  await t.rejects(lease.renew(), { message: 'away' })
  t.equal(lease.isHeld(), true)
  away = false
  t.equal(await lease.renew(), true)
  await lease.release()
})
