import nodeFs from 'node:fs'
import { createJournals, type Journal, lineIn } from './journal.ts'
import { type Claim, LEASE, type Ledger, REMEMBERED } from './ledger.ts'
import { type FileSystem, type PrivateDirectory, privateDirectory, unless } from './private-directory.ts'
import { fileError, StoreError } from './store-error.ts'

export interface FileLedgerOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The user that this process runs as; undefined on Windows. */
  readonly uid: number | undefined
  readonly files?: FileSystem
}

const FOLDER = 'messages'
const MINUTE = 60_000
/**
 * A claim whose id begins with this, one in sixteen, looks for old names, at three times as many as are made meanwhile. Not
 * each does it, because to begin costs a CGI process as much as its own claim.
 */
const SWEEPING = '0'
const SWEPT_PER_CLAIM = 48

/**
 * A ledger in a directory of one machine's disk, for any number of processes, each of which may be killed at any moment.
 *
 *   messages/MINUTE/ID      who has claimed a key, and the value that it was settled with
 *   messages/MINUTE/ID.1    who took that claim over; and so on
 *
 * A claim is one more name (a hard link) of the file that its process writes to, which costs a fraction of a new file.
 * The system lets exactly one process have a name. A claim is settled by a line in that file, and whoever looks for it
 * reads it there, under the name of the claim. What nobody has written to for a lease belongs to a process that is
 * gone. With the last of its names the file itself goes. A closure over what this process holds, and so longer than its parts.
 *
 * @param location the directory; it is made, 0700, with the first claim
 */
export function createFileLedger(location: string, { now, uid, files = nodeFs }: FileLedgerOptions): Ledger {
  const directory = privateDirectory(location, uid, files)
  const journals = createJournals(directory, now)
  const sweep = createSweep(directory, now)
  const held = new Map<string, { readonly journal: Journal; readonly takeovers: number }>()

  /** An error of the file system becomes one that says what to do. */
  async function guard<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const { code, path = location } = error as NodeJS.ErrnoException
      if (code === undefined || error instanceof StoreError) throw error
      throw fileError(path, code, error)
    }
  }

  function read(name: string, id: string): Claim | 'lost' | undefined {
    const text = directory.read(name)
    if (text === undefined) return undefined
    const value = lineIn(text, id)
    if (value !== undefined) return { value }
    const written = unless('ENOENT', () => directory.modified(name)) ?? 0
    return Math.abs(now() - written) < LEASE ? 'held' : 'lost'
  }

  /** What the first who settled it says, or else what became of the last who took it over. */
  function find(key: string): { readonly claim: Claim | 'lost' | undefined; readonly takeovers: number } {
    let last: Claim | 'lost' | undefined
    for (let takeovers = 0; ; takeovers++) {
      const claim = read(nameOf(key, takeovers), idOf(key))
      if (claim === undefined) return { claim: last, takeovers }
      if (typeof claim === 'object') return { claim, takeovers }
      last = claim
    }
  }

  function claim(key: string, holder: string): boolean {
    if (idOf(key).startsWith(SWEEPING)) sweep()
    for (let takeovers = 0; ; ) {
      const journal = journals.claim(nameOf(key, takeovers))
      if (journal) {
        held.set(holder, { journal, takeovers })
        return true
      }
      const found = find(key)
      if (found.claim !== undefined && found.claim !== 'lost') return false
      takeovers = found.takeovers
    }
  }

  return {
    claim: (key, holder) => guard(() => claim(key, holder)),
    renew: (key, holder) =>
      guard(() => {
        const claimed = held.get(holder)
        if (!claimed || directory.exists(nameOf(key, claimed.takeovers + 1))) return false
        journals.touch(claimed.journal)
        return true
      }),
    settle: (key, holder, value) =>
      guard(() => {
        const claimed = held.get(holder)
        held.delete(holder)
        return claimed && journals.settle(claimed.journal, `${idOf(key)} ${value}`)
      }),
    look: key =>
      guard(() => {
        const { claim } = find(key)
        return claim === 'lost' ? undefined : claim
      }),
  }
}

function nameOf(key: string, takeovers: number): string {
  const minute = Math.floor(Number.parseInt(key, 10) / 60)
  return `${FOLDER}/${minute}/${idOf(key)}${takeovers === 0 ? '' : `.${takeovers}`}`
}

function idOf(key: string): string {
  return key.slice(key.indexOf('-') + 1)
}

/** Removes some of the names that are old with each call. What cannot be removed is left, and is no reason to fail. */
function createSweep(directory: PrivateDirectory, now: () => number): () => void {
  let looked = Number.NEGATIVE_INFINITY
  let round: Generator<string> | undefined

  function* names(): Generator<string> {
    for (const minute of directory.list(FOLDER)) {
      const age = Math.abs(now() - Number(minute) * MINUTE)
      if (age >= REMEMBERED + MINUTE) {
        for (const name of directory.walk(`${FOLDER}/${minute}`)) yield `${FOLDER}/${minute}/${name}`
      }
    }
  }

  function sweepOne(): boolean {
    const { value: name } = round?.next() ?? {}
    if (!name) return false
    const written = unless('ENOENT', () => directory.modified(name))
    if (written !== undefined && Math.abs(now() - written) >= REMEMBERED) directory.unlink(name)
    return true
  }

  function endRound(): void {
    round?.return(undefined)
    round = undefined
  }

  return () => {
    if (!round && Math.abs(now() - looked) < MINUTE) return
    looked = now()
    round ??= names()
    try {
      for (let swept = 0; swept < SWEPT_PER_CLAIM; swept++) if (!sweepOne()) return endRound()
    } catch {
      endRound()
    }
  }
}
