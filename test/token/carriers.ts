import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { type Racer, race, startRacer } from '../store/processes.ts'
import type { CarrierOptions } from './carrier.ts'
import { filesIn, provider } from './provider.ts'

const CARRIER = fileURLToPath(new URL('./carrier.js', import.meta.url))

/** Starts one of them, which waits for its line. */
export function startCarrier(t: Test, options: CarrierOptions, uid?: number): Promise<Racer> {
  return startRacer(t, CARRIER, [JSON.stringify(options)], uid)
}

/** Starts so many that go at once, and gives what each has printed. */
export function carry(t: Test, count: number, options: CarrierOptions): Promise<string[][]> {
  return race(t, count, CARRIER, [JSON.stringify(options)])
}

/** The file that holds the value of the token: the longest. */
export function tokenFile(directory: string): string {
  const files = filesIn(directory).map(name => path.join(directory, name))
  return files.sort((a, b) => fs.statSync(b).size - fs.statSync(a).size)[0] ?? ''
}

/** Leaves a token in the store that was fetched so many milliseconds ago. */
export async function seed(directory: string, base: string, age: number): Promise<void> {
  await provider(directory, base, { now: () => Date.now() - age }).get()
}
