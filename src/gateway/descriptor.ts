import fs from 'node:fs'

/** Whether `fd` is open and a socket; it is not touched otherwise. */
export function isSocket(fd: number): boolean {
  try {
    return fs.fstatSync(fd).isSocket()
  } catch {
    return false
  }
}

/** Whether whoever is at the other end gets it as it is written: a file or a terminal, and no program in between. */
export function isDirect(fd: number): boolean {
  try {
    const stats = fs.fstatSync(fd)
    return stats.isFile() || stats.isCharacterDevice()
  } catch {
    return false
  }
}

/**
 * Writes lines of the log at once. What cannot be written is lost: a log never makes a request fail.
 *
 * @returns what has to wait because whoever reads is slower
 */
export function writeLines(fd: number, lines: string | Buffer): Buffer {
  let rest: Buffer = Buffer.from(lines)
  try {
    while (rest.length > 0) rest = rest.subarray(fs.writeSync(fd, rest))
    return rest
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? rest : Buffer.alloc(0)
  }
}
