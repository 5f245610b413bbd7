import path from 'node:path'
import { isValueName } from './file-names.ts'
import { type PrivateDirectory, unless } from './private-directory.ts'

/** Milliseconds; a claim is held for two system calls, and one that is this old was left by a process that was killed. */
const ABANDONED = 500

/**
 * The same directory for Windows, where two processes that rename or remove one file at the same moment are both told
 * that they did. Only the making of a file has one winner there, so a name that points at a value is changed by
 * whoever makes the claim that is named after it; the others are told that it is busy.
 *
 * @param now milliseconds since 1970
 */
export function withClaims(directory: PrivateDirectory, now: () => number): PrivateDirectory {
  /** Claims that could not be removed again, because somebody had them open: they are still this process's. */
  const held = new Set<string>()

  function isOurs(claim: string): boolean {
    const make = () => {
      directory.create(claim, '', false)
      return true
    }
    if (held.has(claim) || unless('EEXIST', make)) return true
    const isAbandoned = unless('ENOENT', () => Math.abs(now() - directory.modified(claim)) > ABANDONED)
    return isAbandoned === true && directory.unlink(claim) && unless('EEXIST', make) === true
  }

  function release(claim: string): void {
    held.add(claim)
    try {
      directory.unlink(claim)
      held.delete(claim)
    } catch {}
  }

  /** @throws what Windows says about a file that is open elsewhere, when another process is changing this one */
  function change(file: string, operation: () => boolean): boolean {
    const { dir, base } = path.posix.parse(file)
    if (isValueName(base)) return operation()
    const claim = `${dir}/~${base}`
    if (!isOurs(claim)) throw Object.assign(new Error(`${file} is being changed`), { code: 'EBUSY', path: file })
    try {
      return operation()
    } finally {
      release(claim)
    }
  }

  return {
    ...directory,
    rename: (from, to) => change(from, () => directory.rename(from, to)),
    unlink: file => change(file, () => directory.unlink(file)),
  }
}
