import fs from 'node:fs'
import type { Readable } from 'node:stream'
import { contentLength } from './content-length.ts'
import type { BodyFault, CgiEnvironment } from './request.ts'

/** How a body is read from descriptor 0. */
export interface CgiBodyOptions {
  /** Bytes. */
  readonly maxBody: number
  /** Milliseconds from the first byte, or from the start when descriptor 0 does not block. */
  readonly bodyTimeout: number
  /** Descriptor 0 as a stream, only asked for when the body does not come in one piece. */
  readonly stdin: () => Readable
}

/** A body, or why there is none. */
export interface CgiBody {
  readonly body: Buffer
  readonly fault?: BodyFault
}

const STDIN = 0
const EMPTY = Buffer.alloc(0)
const FIRST_READ = 65536
const METHODS_WITHOUT_BODY: readonly (string | undefined)[] = ['GET', 'HEAD', undefined]

/**
 * Reads the request's body (RFC 3875 section 4.2): `CONTENT_LENGTH` bytes, or to the end of the file where a body is
 * to be expected without that (a chunked request). The first piece is read synchronously and nearly always is
 * the whole body: the stream costs milliseconds of start-up.
 */
export async function readCgiBody(environment: CgiEnvironment, options: CgiBodyOptions): Promise<CgiBody> {
  const length = contentLength(environment)
  if (length === undefined && METHODS_WITHOUT_BODY.includes(environment['REQUEST_METHOD'])) return { body: EMPTY }
  // A body that will be refused is read all the same: a socket closed with unread bytes takes the answer with it.
  const expected = length === undefined || Number.isNaN(length) ? Number.POSITIVE_INFINITY : length
  const body = collect(expected, options.maxBody)
  const first = body.wanted() > 0 ? readNow(Math.min(body.wanted(), FIRST_READ)) : EMPTY
  if (first) body.add(first)
  // An empty first piece is the end of the file; none at all means that nothing is there yet.
  const more = first?.length !== 0 && body.wanted() > 0
  const timedOut = more && (await readStream(options.stdin(), body, options.bodyTimeout))
  const fault = faultOf(body.received(), length, timedOut, options.maxBody)
  return fault ? { body: EMPTY, fault } : { body: body.whole() }
}

function faultOf(
  received: number,
  length: number | undefined,
  timedOut: boolean,
  maxBody: number,
): BodyFault | undefined {
  if (received > maxBody || (length ?? 0) > maxBody) return 'too-large'
  if (timedOut) return 'timeout'
  return length !== undefined && received !== length ? 'incomplete' : undefined
}

interface Collection {
  add(chunk: Buffer): void
  wanted(): number
  received(): number
  whole(): Buffer
}

function collect(limit: number, kept: number): Collection {
  const chunks: Buffer[] = []
  let received = 0
  return {
    add(chunk) {
      const piece = chunk.subarray(0, limit - received)
      received += piece.length
      if (received <= kept) chunks.push(piece)
    },
    wanted: () => limit - received,
    received: () => received,
    whole: () => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
  }
}

/** What one read gives: nothing at all when descriptor 0 is non-blocking and empty, no bytes at the end of the file. */
function readNow(size: number): Buffer | undefined {
  const buffer = Buffer.allocUnsafe(size)
  try {
    return buffer.subarray(0, fs.readSync(STDIN, buffer, 0, size, null))
  } catch (error) {
    // A pipe whose writer is gone reads as EOF on Windows; a descriptor that cannot be read has no body either.
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN' ? undefined : EMPTY
  }
}

/** Feeds `body` until it wants no more, the stream ends or the time is up; only the last one gives true. */
function readStream(stream: Readable, body: Collection, timeout: number): Promise<boolean> {
  return new Promise(resolve => {
    const finish = (timedOut: boolean) => {
      clearTimeout(timer)
      stream.destroy()
      resolve(timedOut)
    }
    const timer = setTimeout(finish, timeout, true)
    stream.on('data', (chunk: Buffer) => {
      body.add(chunk)
      if (body.wanted() === 0) finish(false)
    })
    stream.on('error', () => finish(false))
    stream.on('end', () => finish(false))
    // Somebody may have paused it.
    stream.resume()
  })
}
