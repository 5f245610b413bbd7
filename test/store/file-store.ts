import fs from 'node:fs'
import path from 'node:path'
import type { Test } from 'tap'
import { createFileStore, type FileStoreOptions } from '../../src/store/file.ts'
import { scratch } from './processes.ts'

const uid = process.geteuid?.()

/** The store in a directory, as this process may have it. */
export function openIn(directory: string, options: Partial<FileStoreOptions> = {}) {
  return createFileStore(directory, { now: Date.now, random: Math.random, uid, ...options })
}

/** A store in a directory of its own, with a clock that can be put. */
export async function open(t: Test) {
  const directory = path.join(scratch(t), 'store')
  let passed = 0
  return {
    store: openIn(directory, { now: () => Date.now() + passed }),
    setting: `file:${directory}`,
    async advance(milliseconds: number) {
      passed += milliseconds
    },
    addExpired: (key: string) => openIn(directory, { now: () => Date.now() - 10_000 }).set(key, 'expired', 1000),
  }
}

/** Every file under a directory, relative to it. */
export function filesIn(directory: string): string[] {
  const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return names.filter(name => fs.lstatSync(path.join(directory, name)).isFile())
}

/** The file that holds an entry's value: the one that is not empty. */
export function valueFile(directory: string): string {
  const [file = ''] = filesIn(directory).filter(name => path.basename(name).startsWith('~'))
  return path.join(directory, file)
}

/** What an error of the store must have. */
export function storeError(code: string) {
  return { name: 'StoreError', code }
}
