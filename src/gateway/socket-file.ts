import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { listenError } from './listen-error.ts'

/** `sun_path` of Linux without the byte that ends it. */
const LONGEST_PATH = 107

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
  const there = fs.lstatSync(file, { throwIfNoEntry: false })
  if (there === undefined) return
  if (!there.isSocket()) throw listenError({ path: file }, 'ENOTSOCK')
  const refused = await connectError(file)
  if (refused === 'EACCES') throw listenError({ path: file }, 'EACCES')
  if (refused !== 'ECONNREFUSED' && refused !== 'ENOENT') throw listenError({ path: file }, 'EADDRINUSE')
  // Another process may have been quicker, and what is there now is its own.
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.ino === there.ino) fs.unlinkSync(file)
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
    const there = fs.lstatSync(file, { throwIfNoEntry: false })
    if (there?.dev === dev && there.ino === ino) fs.unlinkSync(file)
  }
}
