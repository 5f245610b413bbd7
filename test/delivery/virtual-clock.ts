import type { Clock } from '../../src/delivery/clock.ts'

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

/** A clock that stands still until it is told how far to go; whoever sleeps on it wakes in order. */
export class VirtualClock implements Clock {
  #now = 1_893_456_000_000
  #sleepers: Sleeper[] = []

  now(): number {
    return this.#now
  }

  after(milliseconds: number, work: () => void): () => void {
    const sleeper = { until: this.#now + milliseconds, wake: work }
    this.#sleepers.push(sleeper)
    return () => {
      this.#sleepers = this.#sleepers.filter(each => each !== sleeper)
    }
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise(resolve => this.after(milliseconds, resolve))
  }

  /** Lets so much time pass, and everything happen that happens in it. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    for (;;) {
      await settle()
      const next = this.#sleepers.toSorted((a, b) => a.until - b.until)[0]
      if (!next || next.until > end) break
      this.#now = next.until
      this.#sleepers = this.#sleepers.filter(each => each !== next)
      next.wake()
    }
    this.#now = end
    await settle()
  }
}

/** Until nothing is left that only waits for something already there. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
}
