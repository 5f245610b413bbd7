import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { createMemoryStore } from '../../src/store/memory.ts'
import { contract } from './contract.ts'

contract(t, async t => {
  let now = 1_700_000_000_000
  const store = createMemoryStore(() => now)
  t.teardown(() => store.close())
  return {
    store,
    async advance(milliseconds) {
      now += milliseconds
    },
  }
})

t.test('a store that is closed has forgotten everything', async t => {
  const store = createMemoryStore(() => 1_700_000_000_000)
  await store.set('key', 'x', 1000)
  await store.close()
  t.equal(await store.get('key'), undefined)
})

t.test('what has expired does not pile up', async t => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  let now = 1_700_000_000_000
  const store = createMemoryStore(() => now)
  await store.set('lasting', 'x', 10_000_000)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < 100_000; i++) {
    now += 1
    await store.set(`key ${i}`, `${i}`.padStart(1000), 100)
  }
  collectGarbage()
  // All of them together would be 100 MB.
  t.ok(process.memoryUsage().heapUsed - before < 10_000_000)
  t.equal(await store.get('lasting'), 'x')
})
