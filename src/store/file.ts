import nodeFs from 'node:fs'
import path from 'node:path'
import { withClaims } from './claims.ts'
import { decodeEntry, encodeEntry } from './entry.ts'
import { createId, idOf, locate, pointersOf, valueName } from './file-names.ts'
import { type FileSystem, privateDirectory, unless } from './private-directory.ts'
import { fileError, StoreError } from './store-error.ts'
import { sweep } from './sweep.ts'
import type { Store } from './types.ts'

export interface FileStoreOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number
  /** The user that this process runs as; undefined on Windows. */
  readonly uid: number | undefined
  /** Whether files that are open elsewhere stand in the way. */
  readonly windows?: boolean
  readonly pause?: (milliseconds: number) => Promise<void>
  readonly files?: FileSystem
}

/** How long an entry is tried that others keep changing, or on Windows keep open. */
const PATIENCE = 1000
/** What Windows says about a file that is open elsewhere. */
const HELD_OPEN = ['EPERM', 'EACCES', 'EBUSY']
/** How long two values of one entry are waited for to become one. */
const RIVALRY = 100
/** Fewer names than any system reads from a folder in one piece. */
const READ_AT_ONCE = 200
/** There a name that is just being renamed can be missing from any list, however short, and from the next one too. */
const LOOKS_ON_WINDOWS = 4
/** An entry that is to live this long is worth the milliseconds after which it survives a power cut. */
const LASTING = 3_600_000

/** What one look at an entry shows. */
interface Found {
  /** Everything in its folder. */
  readonly names: readonly string[]
  readonly pointer: string | undefined
  readonly value: string | undefined
}

/**
 * A store in a directory of one machine's disk, for any number of processes, each of which may be killed at any
 * moment. There is nothing to start: no file is touched before the first call. A closure over its directory, and so longer
 * than its parts.
 *
 * @param location the directory; it is made, 0700, with the first entry
 */
export function createFileStore(location: string, options: FileStoreOptions): Store {
  const { now, random, uid, windows = path.sep === '\\', pause = sleep, files = nodeFs } = options
  const plain = privateDirectory(location, uid, files)
  const directory = windows ? withClaims(plain, now) : plain

  /** Calls `attempt` until it gives something else than undefined, or nothing will come of it. */
  async function insist<T>(attempt: (waited: number) => T | undefined): Promise<T> {
    for (let waited = 0; ; ) {
      let fault = { code: 'BUSY', file: location, cause: undefined as unknown }
      try {
        const result = attempt(waited)
        if (result !== undefined) return result
      } catch (error) {
        const { code, path: file = location } = error as NodeJS.ErrnoException
        if (code === undefined || error instanceof StoreError) throw error
        fault = { code, file, cause: error }
      }
      const isPassing = fault.code === 'BUSY' || (windows && HELD_OPEN.includes(fault.code))
      if (!isPassing || waited >= PATIENCE) throw fileError(fault.file, fault.code, fault.cause)
      const delay = 1 + random() * 20
      waited += delay
      await pause(delay)
    }
  }

  /** Undefined when the entry is just being changed. */
  function find(folder: string, entry: string, waited: number): Found | undefined {
    const names = listFor(folder, entry)
    const pointers = pointersOf(entry, names)
    const [pointer] = pointers
    if (pointer === undefined) return { names, pointer, value: undefined }
    if (pointers.length > 1) return settle(folder, pointers, waited)
    const text = directory.read(valueFile(folder, pointer))
    if (text === undefined && !directory.list(folder).includes(pointer)) return undefined
    return { names, pointer, value: text === undefined ? undefined : decodeEntry(text, now()) }
  }

  /**
   * Nothing is decided while two names point at values of one entry: those that have expired are removed, and of the
   * others all but one are about to withdraw, unless they were killed just then.
   */
  function settle(folder: string, pointers: readonly string[], waited: number): undefined {
    const isLive = (pointer: string) =>
      decodeEntry(directory.read(valueFile(folder, pointer)) ?? '', now()) !== undefined
    const live = pointers.filter(isLive)
    const staying = waited < RIVALRY ? live : live.slice(0, 1)
    for (const pointer of pointers) if (!staying.includes(pointer)) discardPointer(folder, pointer)
  }

  /** The system reads many names in pieces, and one that is renamed meanwhile can be in none of them. */
  function listFor(folder: string, entry: string): string[] {
    let names = directory.list(folder)
    const canMiss = windows ? names.length > 0 : names.length > READ_AT_ONCE
    for (
      let looks = windows ? LOOKS_ON_WINDOWS : 2;
      canMiss && looks > 1 && !pointersOf(entry, names).length;
      looks--
    ) {
      names = directory.list(folder)
    }
    return names
  }

  async function get(key: string): Promise<string | undefined> {
    const { folder, entry } = locate(key)
    const { value } = await insist(waited => find(folder, entry, waited))
    return value
  }

  /** @param permits whether it may be written where this value is */
  function write(key: string, value: string, ttl: number, permits: (current?: string) => boolean): Promise<boolean> {
    const { folder, entry } = locate(key)
    const lasting = ttl >= LASTING
    return insist(waited => {
      const found = find(folder, entry, waited)
      if (!found) return undefined
      if (!permits(found.value)) return false
      const id = createId(random)
      directory.create(`${folder}/${valueName(id)}`, encodeEntry(value, ttl, now()), lasting)
      if (!pointTo(id, folder, entry, found.pointer)) return undefined
      if (lasting && !windows) directory.sync(folder)
      sweep(folder, entry, found.names, { directory, now, random })
      return true
    })
  }

  /** False when another process was quicker; the value is then removed, otherwise the one that it replaces. */
  function pointTo(id: string, folder: string, entry: string, pointer: string | undefined): boolean {
    const next = entry + id
    let pointed = false
    try {
      pointed = pointer === undefined ? place(folder, entry, next) : rename(folder, pointer, next)
    } finally {
      if (!pointed) discard(valueFile(folder, next))
    }
    if (pointed && pointer !== undefined) discard(valueFile(folder, pointer))
    return pointed
  }

  /**
   * The first value of a key, where there is nothing that only one process could rename: an empty place is made for
   * it. Somebody who comes late may make it anew after it has been taken; he then sees the other, and withdraws.
   */
  function place(folder: string, entry: string, next: string): boolean {
    unless('EEXIST', () => directory.create(`${folder}/${entry}`, '', false))
    if (!rename(folder, entry, next)) return false
    const isAlone = pointersOf(entry, directory.list(folder)).every(pointer => pointer === next)
    return isAlone || !directory.unlink(`${folder}/${next}`)
  }

  function rename(folder: string, from: string, to: string): boolean {
    return directory.rename(`${folder}/${from}`, `${folder}/${to}`)
  }

  function remove(key: string, expected?: string): Promise<boolean> {
    const { folder, entry } = locate(key)
    return insist(waited => {
      const found = find(folder, entry, waited)
      if (!found) return undefined
      const { pointer, value } = found
      // What nobody can read any more is to be erased as well: it may be a follower's.
      if (pointer !== undefined && value === undefined && expected === undefined) discardPointer(folder, pointer)
      if (pointer === undefined || value === undefined || value !== (expected ?? value)) return false
      if (!directory.unlink(`${folder}/${pointer}`)) return undefined
      discard(valueFile(folder, pointer))
      return true
    })
  }

  function discardPointer(folder: string, pointer: string): void {
    discard(`${folder}/${pointer}`)
    discard(valueFile(folder, pointer))
  }

  /** Removes what nobody needs any more; if that fails, it is litter until somebody sweeps it. */
  function discard(file: string): void {
    try {
      directory.unlink(file)
    } catch {}
  }

  return {
    get,
    async set(key, value, ttl) {
      await write(key, value, ttl, () => true)
    },
    add: (key, value, ttl) => write(key, value, ttl, current => current === undefined),
    replace: (key, expected, value, ttl) => write(key, value, ttl, current => current === expected),
    remove,
    close: async () => {},
  }
}

function valueFile(folder: string, pointer: string): string {
  return `${folder}/${valueName(idOf(pointer))}`
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}
