/**
 * Where everything is kept that must outlive a process or be shared between processes: the access token, who answers
 * which message, sessions, answers that wait for their follower.
 *
 * Keys and values are any well-formed strings. A `ttl` is in milliseconds, more than 0; an entry is gone when it has
 * passed. Each call happens at one moment for all processes that share the store, and rejects with a `StoreError`
 * when the store cannot be used; the entry is then what it was, unless the answer itself was lost on the way.
 */
export interface Store {
  /** The value, or undefined when there is none, or one that nobody can read any more. */
  get(key: string): Promise<string | undefined>
  /** Stores a value whatever was there. */
  set(key: string, value: string, ttl: number): Promise<void>
  /** Stores a value where there is none: a claim, or a lease. Of many that try at once exactly one gets true. */
  add(key: string, value: string, ttl: number): Promise<boolean>
  /** Stores a value in the place of `expected`, and of nothing else: true when that is what was there. */
  replace(key: string, expected: string, value: string, ttl: number): Promise<boolean>
  /** Removes `expected`, or without it whatever is there. Of many that try at once exactly one gets true. */
  remove(key: string, expected?: string): Promise<boolean>
  /** Lets go of connections. Nothing may be called afterwards. */
  close(): Promise<void>
}
