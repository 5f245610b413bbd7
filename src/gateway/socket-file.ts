import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { listenError } from './listen-error.ts'

/** `sun_path` of Linux without the byte that ends it. */
const LONGEST_PATH = 107
/** The lock is held for three system calls: milliseconds to wait for it, and how often. */
const LOCK_PAUSE = 50
const LOCK_ATTEMPTS = 20

/** @throws {ListenError} when no unix socket can have this path here. */
export function checkSocketPath(file: string): void {
  if (path.sep === '\\') throw listenError({ path: file }, 'EAFNOSUPPORT')
  if (Buffer.byteLength(file) > LONGEST_PATH) throw listenError({ path: file }, 'ENAMETOOLONG')
  // libuv calls a missing directory a missing permission.
  if (!fs.existsSync(path.dirname(file))) throw listenError({ path: file }, 'ENOENT')
}

/**
 * Removes the socket that a killed process left at `file`, after an attempt to connect has shown that nobody listens.
 *
 * @throws {ListenError} when somebody does, or when what is there is not a socket.
 */
export async function removeStaleSocket(file: string): Promise<void> {
  for (let attempt = 1; !(await removedStaleSocket(file)); attempt++) {
    if (attempt === LOCK_ATTEMPTS) throw listenError({ path: lockOf(file) }, 'ELOCKED')
    await delay(LOCK_PAUSE)
  }
}

/** False when another process is about to remove it: what is there has to be looked at again. */
async function removedStaleSocket(file: string): Promise<boolean> {
  const there = identify(file)
  if (there === undefined) return true
  if (!there.isSocket) throw listenError({ path: file }, 'ENOTSOCK')
  const refused = await connectError(file)
  if (refused === 'EACCES') throw listenError({ path: file }, 'EACCES')
  if (refused !== 'ECONNREFUSED' && refused !== 'ENOENT') throw listenError({ path: file }, 'EADDRINUSE')
  const lock = lockOf(file)
  if (!createdExclusively(lock)) return false
  try {
    // Another process may have been quicker, and what is there now is its own. The lock keeps it what it is.
    if (identify(file)?.identity === there.identity) fs.unlinkSync(file)
  } finally {
    fs.unlinkSync(lock)
  }
  return true
}

function lockOf(file: string): string {
  return `${file}.lock`
}

function createdExclusively(file: string): boolean {
  try {
    fs.closeSync(fs.openSync(file, 'wx'))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** What is at `file`. A file system gives the number of a removed file to the next one, but not its times. */
function identify(file: string): { readonly isSocket: boolean; readonly identity: string } | undefined {
  const found = fs.lstatSync(file, { bigint: true, throwIfNoEntry: false })
  return found && { isSocket: found.isSocket(), identity: `${found.dev} ${found.ino} ${found.ctimeNs}` }
}

function connectError(file: string): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = net.connect(file)
    const finish = (code?: string) => {
      socket.destroy()
      resolve(code)
    }
    socket.on('connect', () => finish())
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code))
  })
}

/** A name in the same directory that is not longer, so that it fits wherever `file` fits. */
export function temporaryName(file: string): string {
  const name = path.basename(file)
  const random = `~${randomBytes(8).toString('hex')}`.slice(0, Buffer.byteLength(name))
  return path.join(path.dirname(file), random)
}

/**
 * Gives the socket at `temporary` its real name. A link never replaces what has appeared there meanwhile, and libuv,
 * which removes the name it has bound when the socket closes, then cannot remove somebody else's.
 *
 * @returns a function that removes `file` if it is still this socket.
 */
export function nameSocket(temporary: string, file: string): () => void {
  fs.linkSync(temporary, file)
  const { dev, ino } = fs.lstatSync(temporary)
  fs.unlinkSync(temporary)
  return () => {
    // As long as the socket is open, its number is nobody else's.
    const there = fs.lstatSync(file, { throwIfNoEntry: false })
    if (there?.dev === dev && there.ino === ino) fs.unlinkSync(file)
  }
}
