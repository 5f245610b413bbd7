import type fs from 'node:fs'
import path from 'node:path'
import { fileError } from './store-error.ts'

/** What of `node:fs` the file store uses. */
export type FileSystem = Pick<
  typeof fs,
  | 'chownSync'
  | 'closeSync'
  | 'fchownSync'
  | 'fsyncSync'
  | 'renameSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readdirSync'
  | 'readFileSync'
  | 'unlinkSync'
  | 'writeFileSync'
>

const ROOT = 0
const WRITABLE_BY_OTHERS = 0o022

/** A directory that only one user can look into or write to, with folders of the same kind in it. */
export interface PrivateDirectory {
  /** The names in one of its folders: none when there is no such folder. */
  list(folder: string): string[]
  /** Makes a folder, 0700, where there is none; and the directory itself. */
  make(folder: string): void
  /** Gives what root has written to the directory's owner, or the web server could not use it. */
  handOver(fd: number): void
}

/**
 * Nothing is made or looked at before it is needed. Each call throws a `StoreError` when the directory is a symbolic
 * link, belongs to somebody else or may be written to by others: then somebody else decides what is in it.
 *
 * @param uid the user that this process runs as; undefined on Windows, where modes and owners mean nothing
 */
export function privateDirectory(directory: string, uid: number | undefined, files: FileSystem): PrivateDirectory {
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

  function make(folder: string): void {
    try {
      files.mkdirSync(folder, 0o700)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') return
      if (code !== 'ENOENT') throw error
      make(path.dirname(folder))
      return make(folder)
    }
    if (uid !== ROOT) return
    const parent = files.lstatSync(path.dirname(folder))
    files.chownSync(folder, parent.uid, parent.gid)
  }

  return {
    list(folder) {
      return check(directory) && check(folder) ? files.readdirSync(folder) : []
    },
    make,
    handOver(fd) {
      const owner = uid === ROOT && check(directory)
      if (owner && owner.uid !== ROOT) files.fchownSync(fd, owner.uid, owner.gid)
    },
  }
}
