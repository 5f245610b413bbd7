/** Lines that are written together. */
export interface Batch {
  add(line: string): void
  /** Writes what has been added, now. */
  flush(): void
}

/** Characters; a batch that is longer does not wait. */
const LONGEST = 65_536

/**
 * Collects lines, and writes them together a little later: a system call for each request of a busy service would cost more
 * than the rest of its line.
 *
 * @param write gets whole lines, each with its line end
 * @param later calls what it is given when it is time to write
 */
export function createBatch(write: (text: string) => void, later: (work: () => void) => void): Batch {
  let text = ''

  function flush(): void {
    if (text === '') return
    const lines = text
    text = ''
    write(lines)
  }

  return {
    add(line) {
      if (text === '') later(flush)
      text += `${line}\n`
      if (text.length >= LONGEST) flush()
    },
    flush,
  }
}
