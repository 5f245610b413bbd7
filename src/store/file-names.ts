import { hash } from 'node:crypto'

/*
 * What the files in the folders of a file store are called:
 *
 *   ~ID       a value; it is never changed
 *   KEY.ID    an empty file that says which value is the key's
 *   KEY.      stands where KEY.ID will stand, while a key gets its first value
 *   ~KEY.ID   on Windows, for as long as somebody changes KEY.ID
 *
 * An ID is never used a second time. Whoever renames or removes KEY.ID therefore does so to what he has seen, or the
 * system tells him that it is gone: that is what makes every change of an entry happen at one moment.
 */

/** Each of 256 folders has a share of the keys. The names are hashes, and say nothing about the keys. */
export function locate(key: string): { readonly folder: string; readonly entry: string } {
  const digest = hash('sha256', key)
  return { folder: digest.slice(0, 2), entry: `${digest.slice(2)}.` }
}

/** @param random from 0 to 1, as `Math.random` */
export function createId(random: () => number): string {
  return random().toString(36).slice(2) + random().toString(36).slice(2)
}

export function valueName(id: string): string {
  return `~${id}`
}

export function isValueName(name: string): boolean {
  return name.startsWith('~')
}

/** The ID of the value that a name points at; empty for a key that has none yet. */
export function idOf(pointer: string): string {
  return pointer.slice(pointer.indexOf('.') + 1)
}

/**
 * The names that point at a value of this entry, in the same order for everybody. There is one, but for moments in
 * which two processes found none.
 */
export function pointersOf(entry: string, names: readonly string[]): string[] {
  return names.filter(name => name.startsWith(entry) && name !== entry).sort()
}
