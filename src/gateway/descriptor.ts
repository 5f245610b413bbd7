import fs from 'node:fs'

/** Whether `fd` is open and a socket; it is not touched otherwise. */
export function isSocket(fd: number): boolean {
  try {
    return fs.fstatSync(fd).isSocket()
  } catch {
    return false
  }
}

/** Writes one line of the log at once. What cannot be written is lost: a log never makes a request fail. */
export function writeLine(fd: number, line: string): void {
  try {
    fs.writeSync(fd, `${line}\n`)
  } catch {}
}
