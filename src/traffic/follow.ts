import fs from 'node:fs'
import path from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { type Entry, parseEntry } from './entry.ts'
import { listFiles } from './journal-files.ts'

/** How much of a file has been read, and the line that has begun there. */
interface Reading {
  offset: number
  rest: string
  readonly decoder: StringDecoder
}

/**
 * Looks what the processes have appended to the journal since the last call, in whatever file: changing over, some go
 * on with one while others have begun the next.
 *
 * @param folder the journal's; it need not exist yet
 * @returns a function that gives the new entries, oldest first; with its first call, those of the last file
 */
export function followJournal(folder: string): () => Entry[] {
  const readings = new Map<string, Reading>()
  let isFirst = true

  return () => {
    const files = listFiles(folder)
    const entries: Entry[] = []
    for (const [index, { name }] of files.entries()) {
      const isOld = isFirst && index < files.length - 1
      const reading = readings.get(name) ?? begin(path.join(folder, name), isOld)
      readings.set(name, reading)
      for (const line of readOn(path.join(folder, name), reading)) {
        const entry = parseEntry(line)
        if (entry) entries.push(entry)
      }
    }
    for (const name of readings.keys()) if (!files.some(file => file.name === name)) readings.delete(name)
    isFirst = false
    return entries.sort((a, b) => a.time - b.time)
  }
}

function begin(file: string, isOld: boolean): Reading {
  const offset = isOld ? (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) : 0
  return { offset, rest: '', decoder: new StringDecoder('utf8') }
}

function readOn(file: string, reading: Reading): string[] {
  const bytes = bytesFrom(file, reading.offset)
  if (bytes.length === 0) return []
  reading.offset += bytes.length
  const lines = (reading.rest + reading.decoder.write(bytes)).split('\n')
  reading.rest = lines.pop() ?? ''
  return lines
}

function bytesFrom(file: string, offset: number): Buffer {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size <= offset) return Buffer.alloc(0)
  const fd = fs.openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(size - offset)
    return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, offset))
  } finally {
    fs.closeSync(fd)
  }
}
