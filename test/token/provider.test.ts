import t from 'tap'
import type { Logger, LogLevel } from '../../src/log.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { StoreError } from '../../src/store/store-error.ts'
import type { Store } from '../../src/store/types.ts'
import type { FreshToken } from '../../src/token/endpoints.ts'
import { createTokenProvider, type TokenProviderOptions } from '../../src/token/provider.ts'
import { tokenError } from '../../src/token/token-error.ts'
import { tokenNumber } from './fake-upstream.ts'

const SECOND = 1000
const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR
const SECRET = '0123456789abcdef0123456789abcdef'

/** A machine with a clock and a store; `provider` is one process on it. */
function machine() {
  const world = {
    now: 1_700_000_000_000,
    calls: 0,
    lines: [] as string[],
    /** What the log tells when all is well. */
    remarks: [] as string[],
    /** What the endpoint does instead of giving a token. */
    failing: undefined as (() => unknown) | undefined,
    lifetime: 7_200_000,
    /** Called while the endpoint is being asked. */
    during: async () => {},
    /** Called whenever somebody waits. */
    waiting: async () => {},
    paused: 0,
  }
  const now = () => world.now
  const store = createMemoryStore(now)
  const line = (level: LogLevel) => (message: string) => void world.lines.push(`${level}: ${message}`)
  const log: Logger = {
    debug: line('debug'),
    info: (message, fields) => void world.remarks.push(`${message} ${JSON.stringify(fields)}`),
    warn: line('warn'),
    error: line('error'),
  }
  const endpoint = {
    name: 'stable_token',
    async fetch(): Promise<FreshToken> {
      const number = ++world.calls
      await world.during()
      if (world.failing) throw world.failing()
      return { value: tokenNumber(number), lifetime: world.lifetime }
    },
  }
  async function pause(milliseconds: number): Promise<void> {
    world.paused += milliseconds
    world.now += milliseconds
    await world.waiting()
  }
  const provider = (options: Partial<TokenProviderOptions> = {}) =>
    createTokenProvider({
      ...{ appId: 'wx01', secret: SECRET, endpoint, store, log, now, random: () => 0.5, pause },
      ...options,
    })
  return { world, store, provider }
}

/** A store in which the given calls fail. */
function broken(store: Store, ...calls: readonly (keyof Store)[]): Store {
  const fail = async () => {
    throw new StoreError('ENOSPC', { en: 'cannot use /store: the disk is full', zh: '' })
  }
  return { ...store, ...Object.fromEntries(calls.map(call => [call, fail])) }
}

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
