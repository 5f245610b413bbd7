import fs from 'node:fs'
import path from 'node:path'

/** One file of the journal: a day in UTC, `2026-11-22`, and which of that day's files it is, from 1. */
export interface JournalFile {
  readonly name: string
  readonly day: string
  readonly part: number
}

/** The folder beside the store, or in `var` where the store is not in files. */
export function journalFolder(store: string, directory: string): string {
  return path.resolve(directory, store.startsWith('file:') ? store.slice('file:'.length) : 'var', 'traffic')
}

export function fileOf(day: string, part: number): JournalFile {
  return { name: `${day}-${part}.jsonl`, day, part }
}

/** The journal's files, oldest first; none when there is no such folder. Whatever else is in it does not count. */
export function listFiles(folder: string): JournalFile[] {
  const files: JournalFile[] = []
  for (const name of namesIn(folder)) {
    const [, day, part] = /^(\d{4}-\d\d-\d\d)-([1-9]\d{0,5})\.jsonl$/.exec(name) ?? []
    if (day && part) files.push({ name, day, part: Number(part) })
  }
  return files.sort((a, b) => (a.day === b.day ? a.part - b.part : a.day < b.day ? -1 : 1))
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** The day in UTC of a time in milliseconds. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
