import { LONGEST_CONTENT } from './records.ts'

/** What a peer may ask of a FastCGI responder; sizes in bytes, times in milliseconds. */
export interface Limits {
  readonly maxBody: number
  readonly maxConnections: number
  /** Requests at once on one connection; more are answered FCGI_OVERLOADED. */
  readonly maxRequests: number
  /** From FCGI_BEGIN_REQUEST to the end of FCGI_STDIN. */
  readonly bodyTimeout: number
  /** For a connection that has not begun a request yet. */
  readonly silentTimeout: number
  /** Between the requests of a kept connection. Apache keeps its own; a shorter time only costs new ones. */
  readonly keepAliveTimeout: number
  /** For a peer that takes nothing of what is sent to it. */
  readonly writeTimeout: number
  /** For what a peer still sends of a request that has been answered already. */
  readonly lingerTimeout: number
}

export const DEFAULT_LIMITS: Limits = {
  maxBody: 65536,
  maxConnections: 1024,
  maxRequests: 32,
  bodyTimeout: 4500,
  silentTimeout: 10_000,
  keepAliveTimeout: 600_000,
  writeTimeout: 30_000,
  lingerTimeout: 2000,
}

/** All FCGI_PARAMS of a request: as much as fits into one record when they are passed on. More is answered 431. */
export const MAX_PARAMS = LONGEST_CONTENT
/** Bytes of FCGI_PARAMS after which the peer is no web server: Apache passes on 100 headers of 8190 bytes at the most. */
export const MAX_SKIPPED_PARAMS = 1_048_576
export const MAX_VARIABLES = 1024
