/** The part of node-fastcgi 2.0.0 that the engine uses. */
declare module 'node-fastcgi' {
  import type { EventEmitter } from 'node:events'
  import type { Duplex, Readable } from 'node:stream'

  /** The request's body to read, the CGI document to write. */
  interface RequestSocket extends Duplex {
    readonly params: Readonly<Record<string, string>>
  }

  interface IncomingMessage extends Readable {
    readonly socket: RequestSocket
  }

  interface Server extends EventEmitter {
    setTimeout(milliseconds: number): void
  }

  export function createServer(responder: (request: IncomingMessage) => void): Server
}
