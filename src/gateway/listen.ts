import net from 'node:net'
import type { ListenAddress } from './listen-address.ts'
import { formatListenAddress } from './listen-address.ts'
import { ListenError, listenError } from './listen-error.ts'
import { checkSocketPath, nameSocket, removeStaleSocket, temporaryName } from './socket-file.ts'

/** How to listen. */
export interface ListenOptions {
  /** `process.umask`: a unix socket is never wider than 0660, not even for a moment. */
  readonly umask: (mask: number) => number
  /**
   * The socket belongs to a `node:cluster` primary, which has called `removeStaleSocket` and set the umask: a
   * worker neither tests nor removes a socket's path.
   */
  readonly shared?: boolean
}

/** A listening server. */
export interface Listener {
  readonly server: net.Server
  /** Where it listens, with the port that the system chose. */
  readonly address: string
  /** Removes the unix socket's path if it is still this listener's; to be called before the server closes. */
  release(): void
}

/** Others get 0: the web server's group may connect, and nobody else. */
export const SOCKET_UMASK = 0o117

/**
 * Listens on `address`. A peer that half-closes its connection can still be answered.
 *
 * @throws {ListenError} with what to do about it.
 */
export async function openListener(address: ListenAddress, options: ListenOptions): Promise<Listener> {
  const server = net.createServer({ allowHalfOpen: true, noDelay: true })
  try {
    const release = await listenOn(server, address, options)
    return { server, address: boundAddress(server, address), release }
  } catch (error) {
    server.close()
    if (error instanceof ListenError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw listenError(address, code, error)
  }
}

async function listenOn(server: net.Server, address: ListenAddress, options: ListenOptions): Promise<() => void> {
  if (!('path' in address)) {
    await listening(server, () => server.listen(address))
    return () => {}
  }
  const file = address.path
  checkSocketPath(file)
  if (options.shared) {
    await listening(server, () => server.listen(file))
    return () => {}
  }
  await removeStaleSocket(file)
  const temporary = temporaryName(file)
  await listening(server, () => {
    const before = options.umask(SOCKET_UMASK)
    try {
      server.listen(temporary)
    } finally {
      options.umask(before)
    }
  })
  return nameSocket(temporary, file)
}

function listening(server: net.Server, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve()
    })
    listen()
  })
}

function boundAddress(server: net.Server, address: ListenAddress): string {
  const bound = server.address()
  if ('port' in address && bound && typeof bound === 'object')
    return formatListenAddress({ ...address, port: bound.port })
  return formatListenAddress(address)
}
