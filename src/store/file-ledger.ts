import nodeFs from 'node:fs'
import { type Ledger, REMEMBERED } from './ledger.ts'
import { Page } from './page.ts'
import { type FileSystem, type PrivateDirectory, privateDirectory } from './private-directory.ts'
import { claimLine, isLost, renewalLine, type Standing, standingOf, valueLine } from './standing.ts'
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
/** Pages that are held open: one for each second in which the last deliveries of messages are awaited. */
const OPEN_PAGES = 16
/**
 * A claim whose id begins with this, one in sixteen, looks for old pages. Not each does it, because to begin costs a CGI
 * process as much as its own claim.
 */
const SWEEPING = '0'
const SWEPT_AT_ONCE = 48

/**
 * A ledger in a directory of one machine's disk, for any number of processes, each of which may be killed at any moment.
 *
 *   messages/SECONDS      the claims of all keys of that second, and the values they were settled with
 *
 * Whoever wants a claim appends a line to the page and then looks at what others had written there before. A page goes
 * when nobody has written to it for as long as keys are remembered.
 *
 * @param location the directory; it is made, 0700, with the first claim
 */
export function createFileLedger(location: string, { now, uid, files = nodeFs }: FileLedgerOptions): Ledger {
  const directory = privateDirectory(location, uid, files)
  const pages = createPages(directory)
  const sweep = createSweep(directory, now)

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

  function standing(key: string): Standing | undefined {
    const page = directory.readBytes(pageName(key))
    return page && standingOf(idOf(key), page)
  }

  function isHeldBy(holder: string, key: string): boolean {
    const found = standing(key)
    return found?.holder === holder && found.value === undefined
  }

  return {
    claim: (key, holder) =>
      guard(async () => {
        const id = idOf(key)
        if (id.startsWith(SWEEPING)) sweep()
        const again = await pages.at(pageName(key)).write(claimLine(id, holder, now()))
        return !again.has(id) || isHeldBy(holder, key)
      }),
    renew: (key, holder) =>
      guard(async () => {
        await pages.at(pageName(key)).write(renewalLine(idOf(key), holder, now()))
        return isHeldBy(holder, key)
      }),
    settle: (key, _holder, value) =>
      guard(async () => {
        await pages.at(pageName(key)).write(valueLine(idOf(key), value))
      }),
    look: key =>
      guard(() => {
        const found = standing(key)
        if (found?.value !== undefined) return { value: found.value }
        return found && !isLost(found, now()) ? 'held' : undefined
      }),
  }
}

function pageName(key: string): string {
  return `${FOLDER}/${key.slice(0, key.indexOf('-'))}`
}

function idOf(key: string): string {
  return key.slice(key.indexOf('-') + 1)
}

/** The pages that were used last are held open. */
function createPages(directory: PrivateDirectory): { at(name: string): Page } {
  const open = new Map<string, Page>()
  return {
    at(name) {
      const page = open.get(name) ?? new Page(directory, name)
      open.delete(name)
      open.set(name, page)
      for (const [other, { isBusy }] of open) {
        if (open.size <= OPEN_PAGES) break
        if (isBusy || other === name) continue
        open.get(other)?.close()
        open.delete(other)
      }
      return page
    },
  }
}

/** Removes some of the pages that are old with each call. What cannot be removed is left, and is no reason to fail. */
function createSweep(directory: PrivateDirectory, now: () => number): () => void {
  let looked = Number.NEGATIVE_INFINITY
  let names: string[] = []

  function remove(page: string): void {
    try {
      if (Math.abs(now() - directory.modified(page)) >= REMEMBERED) directory.unlink(page)
    } catch {
      // Somebody else has removed it, or holds it open on Windows.
    }
  }

  function list(): string[] {
    try {
      return directory.list(FOLDER)
    } catch {
      return []
    }
  }

  return () => {
    if (names.length === 0 && Math.abs(now() - looked) >= MINUTE) {
      looked = now()
      // Older than that by its CreateTime is all that can be old.
      names = list().filter(seconds => Math.abs(now() - Number(seconds) * 1000) >= REMEMBERED)
    }
    for (const name of names.splice(0, SWEPT_AT_ONCE)) remove(`${FOLDER}/${name}`)
  }
}
