import fs from 'node:fs'
import type { Server, Socket } from 'node:net'
import type { Logger } from '../../log.ts'
import { Connection } from './connection.ts'
import type { FastcgiRequest } from './exchange.ts'
import type { Limits } from './limits.ts'

/** From a validated request to what a CGI script would print for it. Never rejects. */
export type Engine = (request: FastcgiRequest) => Promise<Buffer>

/** All deadlines are checked by one timer: they are kept to within so many milliseconds. */
const LONGEST_TICK = 250
/** A web server that has just decided to connect is still served: closing the socket would reset its connection. */
const LAST_ACCEPT = 100
/**
 * For connections that exist when the service closes. Ended together with a reply, as those that are still busy after
 * this time are, a connection may take the web server's next request with it.
 */
const LAST_CALL = 2000
const LAST_TICK = 10
/** In the last call a connection ends that has been idle for this part of the time left, and two ticks. */
const PATIENCE = 1 / 5
/** Bytes; the rest of a longer request comes the usual way. */
const LATE = 65536
const NOTHING = Buffer.alloc(0)

interface Peer {
  readonly socket: Socket
  readonly connection: Connection
  /** What it has to do next: take more of its replies, or close its side too; and by when. */
  owes: 'nothing' | 'reading' | 'closing'
  deadline: number
  /** Bytes of the replies that it, or the kernel for it, has taken. */
  flushed: number
}

/**
 * Answers FastCGI on `server`, which is listening or about to. Whatever a peer does, it ends its own connection and
 * nothing else. A closure over its connections, and so longer than its parts.
 *
 * @returns a function that stops accepting, lets running requests finish and ends each connection when it is quiet,
 *   which takes some two seconds at most; its promise resolves when the last reply is flushed and the application is
 *   idle.
 */
export function serveConnections(server: Server, engine: Engine, limits: Limits, log: Logger): () => Promise<void> {
  const clock = { now: 0 }
  const peers = new Set<Peer>()
  const running = new Set<Promise<Buffer>>()
  let lastCall = Number.POSITIVE_INFINITY

  const answer = (request: FastcgiRequest) => {
    const answered = engine(request)
    running.add(answered)
    answered.then(() => running.delete(answered))
    return answered
  }
  const accept = (socket: Socket) => {
    const connection = new Connection({
      limits,
      clock,
      answer,
      send: bytes => socket.write(bytes),
      late: () => readNow(socket),
      finish: unread => finish(socket, unread),
      violation: reason => log.warn('FastCGI connection closed', { reason }),
    })
    const peer: Peer = { socket, connection, owes: 'nothing', deadline: 0, flushed: 0 }
    peers.add(peer)
    socket.on('data', chunk => {
      connection.receive(chunk)
      // A peer that asks without reading the replies is not listened to until it has.
      if (socket.writableNeedDrain) socket.pause()
    })
    socket.on('drain', () => socket.resume())
    socket.on('end', () => connection.peerEnded())
    socket.on('error', error => log.debug('FastCGI connection lost', { reason: error.message }))
    socket.on('close', () => {
      connection.lost()
      peers.delete(peer)
    })
  }
  const tick = (period: number) => {
    // Counted, not measured: neither a stopped process nor a changed clock makes a deadline pass.
    clock.now += period
    const left = lastCall - clock.now
    const patience = 2 * LAST_TICK + Math.max(0, left) * PATIENCE
    for (const peer of peers) {
      if (left < Number.POSITIVE_INFINITY) peer.connection.retire(patience, left <= 0)
      peer.connection.tick()
      if (!isStuck(peer, clock.now, limits)) continue
      if (peer.owes === 'reading') log.warn('FastCGI connection closed', { reason: 'the peer takes nothing' })
      peer.socket.destroy()
    }
  }
  const period = tickPeriod(limits)
  let ticking = setInterval(tick, period, period).unref()

  server.maxConnections = limits.maxConnections
  server.on('connection', accept)
  server.on('error', error => log.error('FastCGI socket', { reason: error.message }))

  return async () => {
    lastCall = clock.now + LAST_CALL
    clearInterval(ticking)
    ticking = setInterval(tick, LAST_TICK, LAST_TICK).unref()
    await new Promise(resolve => setTimeout(resolve, LAST_ACCEPT))
    await new Promise(resolve => server.close(resolve))
    await Promise.all(running)
    clearInterval(ticking)
  }
}

/**
 * Closes a socket on which everything is sent. Where the system has it all, it is closed in the same moment, before
 * the peer can think of another request.
 */
function finish(socket: Socket, unread: boolean): void {
  if (unread) socket.end()
  else if (socket.writableLength > 0) socket.destroySoon()
  else socket.destroy()
}

/**
 * The web server may have sent its next request while the system ran it instead of us, which it likes to do when we
 * have just sent the reply that it waits for. Only between this look and the close after it can a request be lost. Where
 * the descriptor is not to be had nothing is seen.
 */
function readNow(socket: Socket): Buffer {
  const { fd = -1 } = (socket as unknown as { readonly _handle?: { readonly fd?: number } })._handle ?? {}
  if (fd < 0) return NOTHING
  const buffer = Buffer.allocUnsafe(LATE)
  try {
    return buffer.subarray(0, fs.readSync(fd, buffer, 0, LATE, null))
  } catch {
    return NOTHING
  }
}

function tickPeriod(limits: Limits): number {
  const { bodyTimeout, silentTimeout, keepAliveTimeout, writeTimeout, lingerTimeout } = limits
  const shortest = Math.min(bodyTimeout, silentTimeout, keepAliveTimeout, writeTimeout, lingerTimeout)
  return Math.max(1, Math.min(LONGEST_TICK, Math.floor(shortest / 4)))
}

/** Whether a peer has not done in time what it owes. */
function isStuck(peer: Peer, now: number, limits: Limits): boolean {
  const { socket } = peer
  const pending = socket.writableLength
  const flushed = socket.bytesWritten - pending
  const owes = pending > 0 ? 'reading' : socket.writableEnded ? 'closing' : 'nothing'
  if (owes === peer.owes && flushed === peer.flushed) return owes !== 'nothing' && peer.deadline <= now
  peer.owes = owes
  peer.flushed = flushed
  peer.deadline = now + (owes === 'reading' ? limits.writeTimeout : limits.lingerTimeout)
  return false
}
