/** Lines that are written together. */
export interface Batch {
  add(line: string): void
  /** Writes what has been added, now. False when whoever reads has not taken all of it yet. */
  flush(): boolean
}

export interface BatchOptions {
  /** Gets whole lines, and what it has returned the last time; returns what is to be written later. */
  readonly write: (bytes: Buffer) => Buffer
  /** Calls what it is given at the end of this turn of the event loop, as `setImmediate`. */
  readonly later: (work: () => void) => void
  /** Calls what it is given after a while. */
  readonly again: (work: () => void) => void
}

/** Characters; a batch that is longer does not wait. */
const LONGEST = 65_536
/** Bytes that are kept for a reader who is slow; further lines are lost, or we would grow without end. */
const MOST = 1_048_576

/**
 * Collects the lines of one turn of the event loop, and writes them at its end: a system call for each request of a busy
 * service would cost more than the rest of its line.
 */
export function createBatch({ write, later, again }: BatchOptions): Batch {
  let text = ''
  let rest: Buffer = Buffer.alloc(0)
  let isWaiting = false

  function flush(): boolean {
    const lines = rest.length > MOST ? '' : text
    text = ''
    if (lines === '' && rest.length === 0) return true
    rest = write(rest.length > 0 ? Buffer.concat([rest, Buffer.from(lines)]) : Buffer.from(lines))
    if (rest.length === 0) return true
    if (!isWaiting) again(tryAgain)
    isWaiting = true
    return false
  }

  function tryAgain(): void {
    isWaiting = false
    flush()
  }

  return {
    add(line) {
      if (text === '' && !isWaiting) later(flush)
      text += `${line}\n`
      if (text.length >= LONGEST) flush()
    },
    flush,
  }
}
