import path from 'node:path'
import { createFileStore } from './file.ts'
import { createFileLedger } from './file-ledger.ts'
import { createStoreLedger, type Ledger } from './ledger.ts'
import { createMemoryStore } from './memory.ts'
import type { Store } from './types.ts'

export interface OpenStoreOptions {
  /** What a relative `file:` directory is relative to: the project's folder. */
  readonly baseDirectory: string
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/**
 * The store that the setting `store` names. Nothing is read or connected before the first call, and the client of
 * Redis is only loaded where Redis is asked for.
 *
 * @param setting `file:DIRECTORY`, `memory:`, `redis://…` or `rediss://…`
 * @throws {StoreError} when the URL of Redis is not one
 */
export async function openStore(setting: string, options: OpenStoreOptions): Promise<Store> {
  const { baseDirectory, now = Date.now } = options
  if (setting === 'memory:') return createMemoryStore(now)
  const directory = directoryOf(setting, baseDirectory)
  if (directory !== undefined) return createFileStore(directory, { now, random: Math.random, uid: process.geteuid?.() })
  const { createRedisStore } = await import('./redis.ts')
  return createRedisStore(setting, { now })
}

/**
 * The ledger that goes with a store: beside it in the same directory, or within it. Of Windows nobody has promised that
 * what two processes append to a file at once stands one behind the other.
 */
export function openLedger(setting: string, store: Store, { baseDirectory, now = Date.now }: OpenStoreOptions): Ledger {
  const directory = directoryOf(setting, baseDirectory)
  if (directory === undefined || path.sep === '\\') return createStoreLedger(store)
  return createFileLedger(directory, { now, uid: process.geteuid?.() })
}

/** Undefined for a store that is not in files. */
function directoryOf(setting: string, baseDirectory: string): string | undefined {
  return setting.startsWith('file:') ? path.resolve(baseDirectory, setting.slice('file:'.length)) : undefined
}
