import type { Store } from './types.ts'

interface Entry {
  readonly value: string
  readonly expires: number
}

/** How many entries each write looks at for one that has expired: more than one, so that they become fewer. */
const SWEPT_PER_WRITE = 2

/**
 * A store that lives and dies with this process: for tests, and for a responder that is one process.
 *
 * @param now milliseconds since 1970
 */
export function createMemoryStore(now: () => number): Store {
  const entries = new Map<string, Entry>()
  // A Map's iterator sees what is added after it was made, so one of them walks round the whole Map for ever.
  let round = entries.entries()

  function live(key: string): string | undefined {
    const entry = entries.get(key)
    return entry && now() < entry.expires ? entry.value : undefined
  }

  function write(key: string, value: string, ttl: number): true {
    for (let i = 0; i < SWEPT_PER_WRITE; i++) sweepOne()
    entries.set(key, { value, expires: now() + ttl })
    return true
  }

  function sweepOne(): void {
    const { value: oldest } = round.next()
    if (!oldest) round = entries.entries()
    else if (now() >= oldest[1].expires) entries.delete(oldest[0])
  }

  return {
    get: async key => live(key),
    async set(key, value, ttl) {
      write(key, value, ttl)
    },
    add: async (key, value, ttl) => live(key) === undefined && write(key, value, ttl),
    replace: async (key, expected, value, ttl) => live(key) === expected && write(key, value, ttl),
    async remove(key, expected) {
      const value = live(key)
      return value !== undefined && value === (expected ?? value) && entries.delete(key)
    },
    close: async () => entries.clear(),
  }
}
