import type { Logger } from '../log.ts'
import { StoreError } from '../store/store-error.ts'

/** What `work` gives. When the store fails the log says so, and it is `fallback`. */
export async function unlessStoreFails<T, F>(log: Logger, work: () => Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    log.error(error.message)
    return fallback
  }
}
