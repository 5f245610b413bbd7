/** Time, so that tests can be its master. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** The time of this machine. */
export const realTime: Clock = {
  now: Date.now,
  sleep: (milliseconds, signal) =>
    new Promise(resolve => {
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, signal?.aborted ? 0 : milliseconds)
      signal?.addEventListener('abort', done)
    }),
}
