import type { PrivateDirectory } from './private-directory.ts'

/** NTFS gives a file 1023 names at the most, ext4 65 000. */
const NAMES = 1000
/** Bytes; whoever looks for one value reads the whole journal. */
const LENGTH = 262_144
/** Milliseconds after which a journal takes no more names, so that all of them can soon be forgotten. */
const AGE = 60_000
/** Milliseconds in which a journal that is in use is written to at least once. */
const BEAT = 1000

/** A file that only this process writes to, under as many names as it has claimed. */
export interface Journal {
  readonly fd: number
  readonly firstName: string
  readonly begun: number
  names: number
  length: number
  /** When it was last written to, in milliseconds since 1970. */
  written: number
  /** How many of its claims are not settled. */
  open: number
}

/** Lines that go into a journal together. */
interface Batch {
  readonly journal: Journal
  readonly lines: string[]
  readonly written: Promise<void>
}

export interface Journals {
  /** The journal that this name now belongs to; undefined when somebody else has the name. */
  claim(name: string): Journal | undefined
  /** Shows that this process is still there. */
  touch(journal: Journal): void
  /** Appends a claim's last line, in one write with those of the same moment; its promise is fulfilled when it is there. */
  settle(journal: Journal, line: string): Promise<void>
}

/** This process's journals, of which one takes new names. A closure over that one, and so longer than its parts. */
export function createJournals(directory: PrivateDirectory, now: () => number): Journals {
  let current: Journal | undefined
  let batch: Batch | undefined

  function write(journal: Journal, text: string): void {
    directory.append(journal.fd, text)
    journal.length += Buffer.byteLength(text)
    journal.written = now()
  }

  function isFull({ names, length, begun }: Journal): boolean {
    return names >= NAMES || length >= LENGTH || Math.abs(now() - begun) >= AGE
  }

  function retire(): void {
    if (current?.open === 0) directory.close(current.fd)
    current = undefined
  }

  /** Undefined when no name can be added: the journal was removed, or the file system has no hard links. */
  function link(journal: Journal, name: string): boolean | undefined {
    if (Math.abs(now() - journal.written) >= BEAT) write(journal, '\n')
    try {
      return directory.link(journal.firstName, name)
    } catch {
      return undefined
    }
  }

  function begin(name: string): Journal | undefined {
    const fd = directory.begin(name)
    return fd === undefined
      ? undefined
      : { fd, firstName: name, begun: now(), names: 0, length: 0, written: now(), open: 0 }
  }

  /** Whatever is settled before the event loop comes round to it goes into the journal at once. */
  function batchOf(journal: Journal): Batch {
    if (batch?.journal === journal) return batch
    const lines: string[] = []
    const written = new Promise<void>((resolve, reject) => {
      setImmediate(() => {
        if (batch?.lines === lines) batch = undefined
        try {
          // Whatever a full disk has cut short ends where these lines begin.
          write(journal, `\n${lines.join('\n')}\n`)
          resolve()
        } catch (error) {
          reject(error)
        }
      })
    })
    batch = { journal, lines, written }
    return batch
  }

  return {
    claim(name) {
      if (current && isFull(current)) retire()
      const linked = current && link(current, name)
      if (linked === false) return undefined
      if (linked === undefined) {
        const begun = begin(name)
        if (!begun) return undefined
        retire()
        current = begun
      }
      if (!current) return undefined
      current.names++
      current.open++
      return current
    },
    touch: journal => write(journal, '\n'),
    async settle(journal, line) {
      const { lines, written } = batchOf(journal)
      lines.push(line)
      try {
        await written
      } finally {
        journal.open--
        if (journal !== current && journal.open === 0) directory.close(journal.fd)
      }
    },
  }
}

/** The rest of the line that begins with `word` and a blank; undefined when there is no such line, or only half of it. */
export function lineIn(text: string, word: string): string | undefined {
  const begin = text.indexOf(`\n${word} `)
  const end = text.indexOf('\n', begin + 1)
  return begin < 0 || end < 0 ? undefined : text.slice(begin + word.length + 2, end)
}
