import type fs from 'node:fs'
import { constants } from 'node:fs'
import path from 'node:path'
import { fileError } from './store-error.ts'

/** What of `node:fs` the file store uses. */
export type FileSystem = Pick<
  typeof fs,
  | 'chownSync'
  | 'closeSync'
  | 'existsSync'
  | 'fchownSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readdirSync'
  | 'readFileSync'
  | 'readSync'
  | 'renameSync'
  | 'unlinkSync'
  | 'writeFileSync'
>

/** A directory that only one user may write to, and the folders in it. Names are relative to the directory. */
export interface PrivateDirectory {
  /**
   * The names in a folder; none when there is no such folder.
   *
   * @throws {StoreError} when the directory or the folder is a symbolic link, belongs to somebody else or may be
   * written to by others, because then somebody else decides what is in it
   */
  list(folder: string): string[]
  /** What a file holds, or undefined when there is none. */
  read(file: string): string | undefined
  readBytes(file: string): Buffer | undefined
  /** Makes a file, 0600; and its folder and the directory, 0700, where they are missing. */
  create(file: string, content: string, lasting: boolean): void
  /** Opens a file to append to and to read from; makes it as `create` does where there is none. */
  open(file: string): number
  append(fd: number, text: string): void
  /** At most `length` bytes from `position` on. The next call overwrites them. */
  readAt(fd: number, position: number, length: number): Buffer
  /** How many bytes a file has, and how many names: none when it was removed. */
  status(fd: number): { readonly size: number; readonly nlink: number }
  close(fd: number): void
  /** Makes the names of a folder survive a power cut, as far as the system can do that. */
  sync(folder: string): void
  /** False when there is no such file. */
  rename(from: string, to: string): boolean
  /** False when there is no such file: of many processes exactly one gets true. */
  unlink(file: string): boolean
  /** Milliseconds since 1970. */
  modified(file: string): number
}

const ROOT = 0
const WRITABLE_BY_OTHERS = 0o022
const { O_RDONLY, O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
/** A link is not followed, and a pipe not waited for. */
const READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
const APPEND = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK

/**
 * Nothing is made or looked at before it is needed. What goes wrong is thrown as `node:fs` throws it. A closure over the
 * directory, and so longer than its parts.
 *
 * @param uid the user that this process runs as; undefined on Windows, where modes and owners mean nothing. What root
 * writes is handed over to the directory's owner, or the web server could not use it.
 */
export function privateDirectory(directory: string, uid: number | undefined, files: FileSystem): PrivateDirectory {
  const at = (name: string) => path.join(directory, name)
  let buffer = Buffer.alloc(0)

  function check(folder: string): fs.Stats | undefined {
    const stats = files.lstatSync(folder, { throwIfNoEntry: false })
    if (!stats) return undefined
    if (stats.isSymbolicLink()) throw fileError(folder, 'ELOOP')
    if (!stats.isDirectory()) throw fileError(folder, 'ENOTDIR')
    if (uid === undefined) return stats
    if (uid !== ROOT && uid !== stats.uid) throw fileError(folder, 'OWNER')
    if (stats.mode & WRITABLE_BY_OTHERS) throw fileError(folder, 'WRITABLE')
    return stats
  }

  /**
   * A link in a directory that only we may write to was planted, or is a mistake. It is removed, and not what it points
   * at, or what it stands in the place of could not be used until somebody came by; the error says so once.
   */
  function unlessLinked<T>(name: string, look: () => T): T {
    try {
      return look()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error
      check(directory)
      isDone(() => files.unlinkSync(name))
      throw fileError(name, 'LINK')
    }
  }

  function make(folder: string): void {
    if (unless('EEXIST', () => makeIn(folder)) === undefined || uid !== ROOT) return
    const parent = files.lstatSync(path.dirname(folder))
    files.chownSync(folder, parent.uid, parent.gid)
  }

  function makeIn(folder: string): true {
    const mkdir = () => {
      files.mkdirSync(folder, 0o700)
      return true as const
    }
    const made = unless('ENOENT', mkdir)
    if (made) return made
    make(path.dirname(folder))
    return mkdir()
  }

  function openNew(file: string, flags: string | number = 'wx'): number {
    const open = () => files.openSync(file, flags, 0o600)
    const fd = unless('ENOENT', open)
    if (fd !== undefined) return fd
    check(directory)
    const folder = path.dirname(file)
    make(folder)
    unlessLinked(folder, () => check(folder))
    return open()
  }

  function handOver(fd: number): void {
    const owner = uid === ROOT && check(directory)
    if (owner && owner.uid !== ROOT) files.fchownSync(fd, owner.uid, owner.gid)
  }

  function readBytes(file: string): Buffer | undefined {
    const fd = unless('ENOENT', () => unlessLinked(file, () => files.openSync(file, READ)))
    if (fd === undefined) return undefined
    try {
      return files.readFileSync(fd)
    } finally {
      files.closeSync(fd)
    }
  }

  return {
    list(folder) {
      // Most often there is no such folder, which this way costs least, and no need to know whose it would be.
      if (!files.existsSync(at(folder))) return []
      return unlessLinked(at(folder), () => check(at(folder))) && check(directory) ? files.readdirSync(at(folder)) : []
    },
    read: file => readBytes(at(file))?.toString(),
    readBytes: file => readBytes(at(file)),
    create(file, content, lasting) {
      const fd = openNew(at(file))
      try {
        handOver(fd)
        files.writeFileSync(fd, content)
        if (lasting) files.fsyncSync(fd)
      } catch (error) {
        files.unlinkSync(at(file))
        throw error
      } finally {
        files.closeSync(fd)
      }
    },
    open(file) {
      check(directory)
      check(at(path.dirname(file)))
      const fd = unlessLinked(at(file), () => openNew(at(file), APPEND))
      try {
        if (!files.fstatSync(fd).isFile()) throw fileError(at(file), 'EISDIR')
        handOver(fd)
      } catch (error) {
        files.closeSync(fd)
        throw error
      }
      return fd
    },
    append: (fd, text) => files.writeFileSync(fd, text),
    readAt(fd, position, length) {
      if (buffer.length < length) buffer = Buffer.allocUnsafeSlow(length)
      return buffer.subarray(0, files.readSync(fd, buffer, 0, length, position))
    },
    status: fd => files.fstatSync(fd),
    close: fd => files.closeSync(fd),
    sync(folder) {
      try {
        const fd = files.openSync(at(folder), O_RDONLY)
        try {
          files.fsyncSync(fd)
        } finally {
          files.closeSync(fd)
        }
      } catch {
        // What was written is there all the same.
      }
    },
    rename: (from, to) => isDone(() => files.renameSync(at(from), at(to))),
    unlink: file => isDone(() => files.unlinkSync(at(file))),
    modified: file => files.lstatSync(at(file)).mtimeMs,
  }
}

function isDone(operation: () => void): boolean {
  const done = unless('ENOENT', () => {
    operation()
    return true
  })
  return done === true
}

/** What `operation` gives, or undefined when it fails with `code`. */
export function unless<T>(code: string, operation: () => T): T | undefined {
  try {
    return operation()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return undefined
    throw error
  }
}
