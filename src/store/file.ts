import nodeFs from 'node:fs'
import path from 'node:path'
import { decodeEntry, encodeEntry } from './entry.ts'
import { createId, idOf, isValueName, locate, pointersOf, valueName } from './file-names.ts'
import { type FileSystem, privateDirectory } from './private-directory.ts'
import { fileError, StoreError } from './store-error.ts'
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
/** An entry that is to live this long is worth the milliseconds after which it survives a power cut. */
const LASTING = 3_600_000
/** How many names each write looks at for something to remove: more than it makes, so that they become fewer. */
const SWEPT_PER_WRITE = 4
/** A value that nothing points at and that is this old was left behind by a process that was killed. */
const ABANDONED = 3_600_000

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = nodeFs.constants
/** A link is not followed, and a pipe not waited for. */
const READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK

/** Whether a change may be made where this value is. */
type Permits = (current: string | undefined) => boolean

/** What an entry is, as far as one look can tell. */
interface Found {
  readonly names: readonly string[]
  readonly pointers: readonly string[]
  readonly value: string | undefined
}

/**
 * A store in a directory of one machine's disk, for any number of processes, each of which may be killed at any
 * moment. There is nothing to start: no file is touched before the first call.
 *
 * @param directory made, 0700, with the first entry
 */
export function createFileStore(directory: string, options: FileStoreOptions): Store {
  const { now, random, uid, windows = path.sep === '\\', pause = sleep, files = nodeFs } = options
  const { list, make, handOver } = privateDirectory(directory, uid, files)

  /** Calls `attempt` until it gives something else than undefined, or nothing will come of it. */
  async function insist<T>(attempt: () => T | undefined): Promise<T> {
    for (let waited = 0; ; ) {
      let fault = 'BUSY'
      try {
        const result = attempt()
        if (result !== undefined) return result
      } catch (error) {
        const { code, path: file = directory } = error as NodeJS.ErrnoException
        if (code === undefined || error instanceof StoreError) throw error
        if (!windows || !HELD_OPEN.includes(code) || waited >= PATIENCE) throw fileError(file, code, error)
        fault = code
      }
      if (waited >= PATIENCE) throw fileError(directory, fault)
      const delay = 1 + random() * 20
      waited += delay
      await pause(delay)
    }
  }

  /** Undefined when the entry was changed meanwhile. */
  function find(folder: string, entry: string): Found | undefined {
    const names = list(folder)
    const pointers = pointersOf(entry, names)
    const [pointer] = pointers
    if (pointer === undefined) return { names, pointers, value: undefined }
    const text = readText(path.join(folder, valueName(idOf(pointer))))
    if (text === undefined && !list(folder).includes(pointer)) return undefined
    return { names, pointers, value: text === undefined ? undefined : decodeEntry(text, now()) }
  }

  function readText(file: string): string | undefined {
    const fd = unless('ENOENT', () => files.openSync(file, READ))
    if (fd === undefined) return undefined
    try {
      return files.readFileSync(fd, 'utf8')
    } finally {
      files.closeSync(fd)
    }
  }

  async function get(key: string): Promise<string | undefined> {
    const { folder, entry } = locate(directory, key)
    return (await insist(() => find(folder, entry))).value
  }

  function write(key: string, value: string, ttl: number, permits: Permits): Promise<boolean> {
    const { folder, entry } = locate(directory, key)
    return insist(() => {
      const found = find(folder, entry)
      if (!found || !permits(found.value)) return found && false
      const id = createId(random)
      writeValue(folder, id, encodeEntry(value, ttl, now()), ttl >= LASTING)
      const [pointer, ...strays] = found.pointers
      if (!(pointer ? replacePointer(folder, pointer, entry + id) : placePointer(folder, entry, entry + id))) {
        discard(folder, valueName(id))
        return undefined
      }
      if (ttl >= LASTING && !windows) sync(folder)
      for (const stray of strays) removePointer(folder, stray)
      sweep(folder, entry, found.names)
      return true
    })
  }

  function writeValue(folder: string, id: string, content: string, lasting: boolean): void {
    const name = valueName(id)
    const fd = create(folder, name)
    try {
      handOver(fd)
      files.writeFileSync(fd, content)
      if (lasting) files.fsyncSync(fd)
    } catch (error) {
      discard(folder, name)
      throw error
    } finally {
      files.closeSync(fd)
    }
  }

  function create(folder: string, name: string): number {
    const open = () => files.openSync(path.join(folder, name), 'wx', 0o600)
    const fd = unless('ENOENT', open)
    if (fd !== undefined) return fd
    make(folder)
    return open()
  }

  function sync(folder: string): void {
    const fd = files.openSync(folder, 'r')
    try {
      files.fsyncSync(fd)
    } finally {
      files.closeSync(fd)
    }
  }

  /** False when another process was quicker. */
  function replacePointer(folder: string, pointer: string, next: string): boolean {
    if (!rename(folder, pointer, next)) return false
    discard(folder, valueName(idOf(pointer)))
    return true
  }

  /**
   * The first value of a key, where there is nothing that only one process could rename: an empty place is made for
   * it. Somebody who comes late may make it anew after the place has been taken; he then sees the other, and
   * withdraws.
   */
  function placePointer(folder: string, entry: string, next: string): boolean {
    const place = unless('EEXIST', () => create(folder, entry))
    if (place !== undefined) files.closeSync(place)
    if (!rename(folder, entry, next)) return false
    const isAlone = pointersOf(entry, list(folder)).every(pointer => pointer === next)
    return isAlone || !removePointer(folder, next)
  }

  function rename(folder: string, from: string, to: string): boolean {
    const renamed = unless('ENOENT', () => {
      files.renameSync(path.join(folder, from), path.join(folder, to))
      return true
    })
    return renamed === true
  }

  /** Of many processes exactly one gets true. */
  function removePointer(folder: string, pointer: string): boolean {
    const removed = unless('ENOENT', () => {
      files.unlinkSync(path.join(folder, pointer))
      return true
    })
    if (removed) discard(folder, valueName(idOf(pointer)))
    return removed === true
  }

  function remove(key: string, expected?: string): Promise<boolean> {
    const { folder, entry } = locate(directory, key)
    return insist(() => {
      const found = find(folder, entry)
      if (!found) return undefined
      const { pointers, value } = found
      if (value === undefined || value !== (expected ?? value)) return false
      const [pointer = '', ...strays] = pointers
      for (const stray of strays) removePointer(folder, stray)
      return removePointer(folder, pointer) || undefined
    })
  }

  /** Removes what has expired, or was left behind, among a few names of the folder. */
  function sweep(folder: string, own: string, names: readonly string[]): void {
    const start = Math.floor(random() * names.length)
    for (let i = 0; i < Math.min(SWEPT_PER_WRITE, names.length); i++) {
      const name = names[(start + i) % names.length] ?? ''
      if (name.startsWith(own)) continue
      try {
        if (isValueName(name)) sweepValue(folder, name, names)
        else if (idOf(name) === '') discard(folder, name)
        else sweepEntry(folder, name)
      } catch {
        // What cannot be removed is no reason for the write to fail.
      }
    }
  }

  function sweepValue(folder: string, name: string, names: readonly string[]): void {
    if (names.some(pointer => valueName(idOf(pointer)) === name)) return
    const { mtimeMs } = files.lstatSync(path.join(folder, name))
    if (Math.abs(now() - mtimeMs) > ABANDONED) discard(folder, name)
  }

  function sweepEntry(folder: string, pointer: string): void {
    const text = readText(path.join(folder, valueName(idOf(pointer))))
    if (text === undefined || decodeEntry(text, now()) === undefined) removePointer(folder, pointer)
  }

  /** Removes what nobody needs any more; if that fails, it is litter until somebody sweeps it. */
  function discard(folder: string, name: string): void {
    try {
      files.unlinkSync(path.join(folder, name))
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

/** What `operation` gives, or undefined when it fails with `code`. */
function unless<T>(code: string, operation: () => T): T | undefined {
  try {
    return operation()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return undefined
    throw error
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}
