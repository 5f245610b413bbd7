import fs from 'node:fs'
import path from 'node:path'
import { cachedDataVersionTag } from 'node:v8'

/** Beside the store: the launcher reads there that the snapshot may be used. */
const NOTE = path.join('var', 'snapshot')
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/**
 * What a start-up snapshot fits: the version of Node, and what V8 makes of its flags and of the processor's features. Node
 * refuses one that does not fit, and the request would be lost.
 */
export function snapshotFit(): string {
  return `${process.version} ${process.arch} ${cachedDataVersionTag()}`
}

/**
 * Notes for the launcher, as long as neither the machine is started anew nor Node or the snapshot changed, that the
 * snapshot in `dist/` fits the Node that runs here. It is called where an answer was given without it. When the note cannot be
 * written the next answer is given without it too.
 *
 * @param directory the project's folder
 */
export function noteSnapshotFit(directory: string): void {
  const blob = path.join(directory, 'dist', 'responder.blob')
  try {
    if (fs.readFileSync(`${blob}.fit`, 'utf8') !== snapshotFit()) return
    const node = fs.readFileSync(path.join(directory, 'dist', 'node'), 'utf8').trim()
    // The launcher starts the node that is written there, or else another one: this one has to be it.
    if (fs.realpathSync(node) !== fs.realpathSync(process.execPath)) return
    const note = `${fs.readFileSync(BOOT_ID, 'utf8').trim()}\n${fingerprint(node)}${fingerprint(blob)}\n`
    const file = path.join(directory, NOTE)
    fs.writeFileSync(`${file}.${process.pid}`, note, { mode: 0o600, flag: 'wx' })
    fs.renameSync(`${file}.${process.pid}`, file)
  } catch {
    // No snapshot was made, this is no Linux, or the folder is not ours to write to.
  }
}

/** As `stat --printf '%i:%s:%Y:%Z,'` prints it. */
function fingerprint(file: string): string {
  const { ino, size, mtimeMs, ctimeMs } = fs.statSync(file)
  return `${ino}:${size}:${Math.floor(mtimeMs / 1000)}:${Math.floor(ctimeMs / 1000)},`
}
