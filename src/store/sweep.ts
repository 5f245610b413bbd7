import { decodeEntry } from './entry.ts'
import { idOf, isValueName, valueName } from './file-names.ts'
import type { PrivateDirectory } from './private-directory.ts'

/** How many names each write looks at: more than it makes, so that what has expired becomes less. */
const SWEPT_PER_WRITE = 4
/** Milliseconds; a value that nothing points at and that is this old was left behind by a process that was killed. */
const ABANDONED = 3_600_000

/** What sweeping needs of its store. */
export interface Broom {
  readonly directory: Pick<PrivateDirectory, 'modified' | 'read' | 'unlink'>
  readonly now: () => number
  readonly random: () => number
}

/**
 * Removes what has expired, or was left behind, among a few names of a folder. That a write sweeps where it writes
 * keeps the work small and the folders clean; no program has to come by at night.
 *
 * @param own the entry that is being written
 */
export function sweep(folder: string, own: string, names: readonly string[], broom: Broom): void {
  const start = Math.floor(broom.random() * names.length)
  for (let i = 0; i < Math.min(SWEPT_PER_WRITE, names.length); i++) {
    const name = names[(start + i) % names.length] ?? ''
    try {
      if (!name.startsWith(own)) sweepName(folder, name, names, broom)
    } catch {
      // What cannot be removed is no reason for the write to fail.
    }
  }
}

function sweepName(folder: string, name: string, names: readonly string[], broom: Broom): void {
  const { directory, now } = broom
  const file = `${folder}/${name}`
  if (isValueName(name)) {
    const isPointedAt = names.some(pointer => valueName(idOf(pointer)) === name)
    if (!isPointedAt && Math.abs(now() - directory.modified(file)) > ABANDONED) directory.unlink(file)
    return
  }
  const value = `${folder}/${valueName(idOf(name))}`
  const text = directory.read(value)
  if (text !== undefined && decodeEntry(text, now()) !== undefined) return
  if (directory.unlink(file)) directory.unlink(value)
}
