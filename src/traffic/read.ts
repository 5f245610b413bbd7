import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { type Entry, parseEntry } from './entry.ts'
import { dayOf, type JournalFile, listFiles } from './journal-files.ts'

/** What the journal holds since then, in milliseconds since 1970; nothing when there is no journal. */
export function* readJournal(folder: string, since: number): Generator<Entry, void> {
  const firstDay = dayOf(since)
  for (const file of listFiles(folder)) {
    if (file.day < firstDay) continue
    for (const line of readFile(folder, file).split('\n')) {
      const entry = parseEntry(line)
      if (entry && entry.time >= since) yield entry
    }
  }
}

/** Another process may have removed it meanwhile. */
function readFile(folder: string, { name }: JournalFile): string {
  try {
    return fs.readFileSync(path.join(folder, name), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/** The same from a log that was written with `log` set to `json`. */
export async function* readLog(input: NodeJS.ReadableStream, since: number): AsyncGenerator<Entry, void> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const entry = parseEntry(line)
    if (entry && entry.time >= since) yield entry
  }
}
