import type { PrivateDirectory } from './private-directory.ts'
import { SeenIds } from './seen-ids.ts'
import { idsIn } from './standing.ts'

/** Bytes. */
const READ_AT_ONCE = 65_536
/** To write to a page that stays: more than one is hardly ever needed. */
const ATTEMPTS = 3

/** Lines that are written together, and the IDs of theirs that may have been claimed before. */
interface Batch {
  readonly lines: string[]
  readonly written: Promise<ReadonlySet<string>>
}

/**
 * A file that any number of processes append lines to. The system puts what they append one behind the other, so that
 * all of them agree whose line was first.
 */
export class Page {
  readonly #directory: PrivateDirectory
  readonly #name: string
  #fd: number | undefined
  /** Bytes of it that were looked at. They end with a line. */
  #seen = 0
  #batch: Batch | undefined
  /** In what was looked at. */
  #ids = new SeenIds()

  constructor(directory: PrivateDirectory, name: string) {
    this.#directory = directory
    this.#name = name
  }

  /** Whether lines are still to be written. */
  get isBusy(): boolean {
    return this.#batch !== undefined
  }

  /**
   * Appends a line, with all others of the same turn of the event loop.
   *
   * @returns the claimed IDs among these that somebody may have claimed before: most often none
   */
  write(line: string): Promise<ReadonlySet<string>> {
    this.#batch ??= this.#begin()
    this.#batch.lines.push(line)
    return this.#batch.written
  }

  close(): void {
    if (this.#fd !== undefined) this.#directory.close(this.#fd)
    this.#fd = undefined
    this.#seen = 0
    this.#ids = new SeenIds()
  }

  #begin(): Batch {
    const lines: string[] = []
    const written = new Promise<ReadonlySet<string>>((resolve, reject) => {
      setImmediate(() => {
        this.#batch = undefined
        try {
          // Whatever a full disk has cut short before ends where these lines begin.
          resolve(this.#append(`\n${lines.join('\n')}\n`))
        } catch (error) {
          reject(error)
        }
      })
    })
    return { lines, written }
  }

  #append(text: string): ReadonlySet<string> {
    for (let attempts = ATTEMPTS; ; attempts--) {
      this.#fd ??= this.#directory.open(this.#name)
      this.#directory.append(this.#fd, text)
      const { size, nlink } = this.#directory.status(this.#fd)
      if (nlink > 0 || attempts === 1) return this.#lookAt(this.#fd, size, text)
      // It was old and is gone, and with it what was just written; unless this file system does not count names.
      this.close()
    }
  }

  #lookAt(fd: number, size: number, own: string): ReadonlySet<string> {
    const again = new Set<string>()
    const end = this.#seen + Buffer.byteLength(own)
    if (end === size) {
      // Nobody else has written since.
      this.#note(own, again)
      this.#seen = size
    }
    while (this.#seen < size) {
      const text = this.#directory.readAt(fd, this.#seen, READ_AT_ONCE).toString('latin1')
      const length = text.lastIndexOf('\n') + 1
      this.#note(text.slice(0, length), again)
      // Somebody is just writing this line; unless it is so long that no claim can be in it.
      if (length === 0 && text.length < READ_AT_ONCE) break
      this.#seen += length || text.length
    }
    return again
  }

  #note(lines: string, again: Set<string>): void {
    for (const id of idsIn(lines)) if (this.#ids.add(id)) again.add(id)
  }
}
