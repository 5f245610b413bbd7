import fs from 'node:fs'
import path from 'node:path'

/** A file of the page. */
export interface PageFile {
  readonly type: string
  readonly bytes: Buffer
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Reads the built page, by file name. */
export function readPage(directory: string): ReadonlyMap<string, PageFile> {
  const files = fs.readdirSync(directory).filter(name => path.extname(name) in TYPES)
  return new Map(
    files.map(name => [
      name,
      { type: TYPES[path.extname(name)] ?? '', bytes: fs.readFileSync(path.join(directory, name)) },
    ]),
  )
}
