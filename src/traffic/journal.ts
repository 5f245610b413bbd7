import fs from 'node:fs'
import path from 'node:path'
import { dayOf, fileOf, type JournalFile, listFiles } from './journal-files.ts'

export interface JournalOptions {
  readonly folder: string
  /** Bytes that all files together may have. */
  readonly size: number
  /** Days after which a file goes. */
  readonly days: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The user that this process runs as; undefined on Windows. */
  readonly uid: number | undefined
}

const ROOT = 0
/** A file is full when it has this part of what all may have, and 16 MiB at the latest, so that it can be read whole. */
const PARTS = 10
const LARGEST_PART = 16 * 1024 * 1024
const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = fs.constants

/**
 * Appends to the journal of the traffic, which any number of processes write to. No file is ever renamed: the day and
 * the sizes of the files say which one is written to, so that everybody changes over by himself and no line is lost. A
 * closure over the open file, and so longer than its parts.
 *
 * @returns a function that writes whole lines, and throws what the file system throws
 */
export function createJournal({ folder, size, days, now, uid }: JournalOptions): (lines: Buffer) => void {
  const full = Math.min(size / PARTS, LARGEST_PART)
  let open: { readonly fd: number; readonly day: string } | undefined
  /** Something was cut short: what comes next begins a line. */
  let isTorn = false

  function current(): number {
    const day = dayOf(now())
    if (open && open.day === day && hasRoom(open.fd)) return open.fd
    if (open) fs.closeSync(open.fd)
    open = undefined
    open = { fd: openFile(day), day }
    return open.fd
  }

  function hasRoom(fd: number): boolean {
    const { size, nlink } = fs.fstatSync(fd)
    return size < full && nlink > 0
  }

  function openFile(day: string): number {
    const files = listFiles(folder)
    const last = files.findLast(file => file.day === day)
    const isFull = last !== undefined && sizeOf(last) >= full
    const file = last && !isFull ? last : fileOf(day, (last?.part ?? 0) + 1)
    if (file === last) return openToAppend(file)
    makeFolder()
    const fd = openToAppend(file)
    sweep(files, day)
    return fd
  }

  function openToAppend({ name }: JournalFile): number {
    const fd = fs.openSync(path.join(folder, name), O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600)
    // What root writes must stay the web server's, or that could not go on with it.
    if (uid === ROOT) handOver(fd)
    return fd
  }

  function handOver(fd: number): void {
    const { uid: owner, gid } = fs.statSync(folder)
    if (owner !== ROOT) fs.fchownSync(fd, owner, gid)
  }

  function makeFolder(): void {
    const first = fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (first === undefined || uid !== ROOT) return
    const { uid: owner, gid } = fs.statSync(path.dirname(first))
    for (let made = folder; made.length >= first.length; made = path.dirname(made)) fs.chownSync(made, owner, gid)
  }

  function sizeOf({ name }: JournalFile): number {
    return fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0
  }

  /** Whoever begins a file removes the oldest: those that are too old, and those for which there is no room. */
  function sweep(files: readonly JournalFile[], today: string): void {
    const oldest = dayOf(Date.parse(today) - (days - 1) * 86_400_000)
    let left = size - full
    for (const file of files.toReversed()) {
      left -= sizeOf(file)
      if (left < 0 || file.day < oldest) fs.rmSync(path.join(folder, file.name), { force: true })
    }
  }

  return lines => {
    const fd = current()
    const bytes = isTorn ? Buffer.concat([Buffer.from('\n'), lines]) : lines
    isTorn = true
    let written = 0
    while (written < bytes.length) written += fs.writeSync(fd, bytes, written)
    isTorn = false
  }
}
