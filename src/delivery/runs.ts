import type { Logger } from '../log.ts'
import type { IncomingMessage } from '../message/types.ts'
import type { Reply } from '../reply/types.ts'
import { LEASE } from '../store/ledger.ts'
import type { Clock } from './clock.ts'
import type { Records } from './records.ts'
import { unlessStoreFails } from './unless-store-fails.ts'

export interface RunsOptions {
  readonly records: Records
  readonly clock: Clock
  readonly log: Logger
  /** Milliseconds after which an answer is late. */
  readonly inline: number
  /** Is told of each run that holds a claim, until it ends. */
  readonly begun?: ((run: Promise<Reply>) => void) | undefined
  /** Gets an answer that was promised, for its delivery is over. */
  readonly keepPromise: (key: string, message: IncomingMessage, reply: Reply) => Promise<void>
}

/** A run that has claimed its message. */
export interface Run {
  /** The message's. */
  readonly key: string
  readonly id: string
  readonly message: IncomingMessage
  /** Whether it has taken the place of one that was killed. */
  readonly takeover: boolean
}

/** The runs of the handlers in this process. */
export class Runs {
  readonly #options: RunsOptions
  readonly #running = new Map<string, Promise<Reply>>()

  constructor(options: RunsOptions) {
    this.#options = options
  }

  /** The answer of the run that is going on for a message. */
  find(key: string): Promise<Reply> | undefined {
    return this.#running.get(key)
  }

  /** Without the store only those deliveries share a run that reach the same process. */
  share(key: string, begin: () => Promise<Reply>): Promise<Reply> {
    const running = this.#running.get(key)
    if (running) return running
    const run = begin().finally(() => {
      if (this.#running.get(key) === run) this.#running.delete(key)
    })
    this.#running.set(key, run)
    return run
  }

  /** Keeps the claim until the answer is there, and in the records. A run that was begun while the store was away goes on. */
  start(run: Run, begin: () => Promise<Reply>): Promise<Reply> {
    const running = this.#seeThrough(run, begin)
    this.#running.set(run.key, running)
    this.#options.begun?.(running)
    return running
  }

  async #seeThrough(run: Run, begin: () => Promise<Reply>): Promise<Reply> {
    const { clock, log, inline } = this.#options
    const begun = clock.now()
    const stopRenewing = this.#renewClaim(run)
    try {
      const reply = await (this.#running.get(run.key) ?? begin())
      // Whoever was killed may have been late already.
      const late = run.takeover || clock.now() - begun >= inline
      await unlessStoreFails(log, () => this.#finish(run, reply, late), undefined)
      return reply
    } finally {
      stopRenewing()
      this.#running.delete(run.key)
    }
  }

  async #finish({ key, id, message }: Run, reply: Reply, late: boolean): Promise<void> {
    const { records, keepPromise } = this.#options
    await records.finish(key, id, reply, late)
    if (late && (await records.takeDiverted(key))) await keepPromise(key, message, reply)
  }

  #renewClaim({ key, id }: Run): () => void {
    const { records, clock, log } = this.#options
    let cancel: () => void
    const renew = async () => {
      const isOurs = await unlessStoreFails(log, () => records.renew(key, id), false)
      if (isOurs && this.#running.has(key)) schedule()
    }
    const schedule = () => {
      cancel = clock.after(LEASE / 3, () => void renew())
    }
    schedule()
    return () => cancel()
  }
}
