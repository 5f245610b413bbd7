import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path, { type PlatformPath } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** What a program printed and how it ended. */
export interface Finished {
  /** Undefined when it could not be started, or did not end in time. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'socket' | 'other'
  /** Permission bits, 0o755. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/**
 * The computer on which Apache runs, as far as its administration needs it. Everything that looks at an installation, or
 * changes one, goes through it, so that the layout of a Windows machine can be tried on any other.
 */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly environment: Environment
  /** The effective user; undefined on Windows. 0 is root. */
  readonly userId: number | undefined
  /** That of the platform: backslashes on Windows. */
  readonly path: PlatformPath
  /** Undefined when there is no such file, it is none, or it may not be read. A byte order mark is left out. */
  readText(file: string): string | undefined
  /** The names in a folder, sorted; none when there is no such folder. */
  list(folder: string): readonly string[]
  /** Of what a link points at; undefined when there is nothing. */
  status(file: string): FileStatus | undefined
  /** With every link followed; undefined when there is nothing. */
  realPath(file: string): string | undefined
  /** What a link says, whether or not that is there; undefined when it is no link. */
  readLink(file: string): string | undefined
  /** Runs a program to its end, 60 seconds at most; `environment` is added to the machine's. */
  run(command: string, words: readonly string[], environment?: Environment): Finished
  /** Replaces a file as a whole; a new one gets `mode`, 0644 unless named, and an old one keeps mode and owner. */
  writeText(file: string, text: string, mode?: number): void
  remove(file: string): void
  makeFolder(folder: string): void
  setMode(file: string, mode: number): void
}

/** The computer that we run on. */
export function thisMachine(environment: Environment): Machine {
  return {
    platform: process.platform,
    environment,
    userId: process.geteuid?.(),
    path,
    readText,
    list,
    status,
    realPath: file => attempt(() => fs.realpathSync(file)),
    readLink: file => attempt(() => fs.readlinkSync(file)),
    run: (command, words, added) => run(command, words, { ...environment, ...added }),
    writeText,
    remove: file => fs.rmSync(file, { force: true }),
    makeFolder: folder => void fs.mkdirSync(folder, { recursive: true }),
    setMode: fs.chmodSync,
  }
}

function readText(file: string): string | undefined {
  // Nobody may ever write to a pipe.
  return attempt(() => (fs.statSync(file).isFile() ? fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '') : undefined))
}

function list(folder: string): readonly string[] {
  return attempt(() => fs.readdirSync(folder).sort()) ?? []
}

function status(file: string): FileStatus | undefined {
  const found = attempt(() => fs.statSync(file))
  if (!found) return undefined
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : found.isSocket() ? 'socket' : 'other'
  return { kind, mode: found.mode & 0o7777, uid: found.uid, gid: found.gid }
}

const TIME_LIMIT = 60_000

function run(command: string, words: readonly string[], env: Environment): Finished {
  const {
    status: code,
    stdout,
    stderr,
    error,
  } = spawnSync(command, words, {
    env: { ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIME_LIMIT,
    windowsHide: true,
  })
  return { code: code ?? undefined, stdout: stdout ?? '', stderr: error ? String(error.message) : (stderr ?? '') }
}

/** A crash in between leaves the file as it was; rename keeps no owner, so that is set first. */
function writeText(file: string, text: string, mode = 0o644): void {
  const before = status(file)
  const target = before ? fs.realpathSync(file) : file
  const temporary = `${target}.${process.pid}.new`
  try {
    fs.writeFileSync(temporary, text, { mode: before?.mode ?? mode, flag: 'wx' })
    if (before) {
      fs.chmodSync(temporary, before.mode)
      keepOwner(temporary, before)
    }
    fs.renameSync(temporary, target)
  } catch (error) {
    fs.rmSync(temporary, { force: true })
    throw error
  }
}

function keepOwner(file: string, { uid, gid }: FileStatus): void {
  const now = fs.statSync(file)
  if (now.uid !== uid || now.gid !== gid) fs.chownSync(file, uid, gid)
}

function attempt<Value>(look: () => Value): Value | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
