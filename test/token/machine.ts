import type { Logger, LogLevel } from '../../src/log.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { StoreError } from '../../src/store/store-error.ts'
import type { Store } from '../../src/store/types.ts'
import type { FreshToken } from '../../src/token/endpoints.ts'
import { createTokenProvider, type TokenProviderOptions } from '../../src/token/provider.ts'
import { tokenNumber } from './fake-upstream.ts'

const SECRET = '0123456789abcdef0123456789abcdef'

/** A machine with a clock and a store; `provider` is one process on it. */
export function machine() {
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
export function broken(store: Store, ...calls: readonly (keyof Store)[]): Store {
  const fail = async () => {
    throw new StoreError('ENOSPC', { en: 'cannot use /store: the disk is full', zh: '' })
  }
  return { ...store, ...Object.fromEntries(calls.map(call => [call, fail])) }
}
