import fs from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import type { Logger } from '../log.ts'
import { readCgiBody } from './cgi-body.ts'
import { failureReport } from './failure.ts'
import type { CgiEnvironment } from './request.ts'
import { requestFromEnvironment } from './request.ts'
import type { Application } from './response.ts'
import { respond } from './response.ts'

/** What `serveCgi` is given of the process. */
export interface CgiOptions {
  readonly environment: CgiEnvironment
  readonly log: Logger
  /** Descriptors 0 and 1 as streams: only asked for when the synchronous way does not do. */
  readonly stdin: () => Readable
  readonly stdout: () => Writable
  /** Called once the request is there: from now on SIGTERM must let the answer complete. */
  readonly holdTermination?: () => void
  /** Bytes; 65536 if not given. */
  readonly maxBody?: number
  /** Milliseconds; 4500 if not given. */
  readonly bodyTimeout?: number
}

const STDOUT = 1

/**
 * Answers the one request of a CGI process (RFC 3875): body from descriptor 0, answer to descriptor 1. When the
 * promise resolves the answer is written whole, and the process may exit.
 *
 * @returns the exit code: 0, or 1 when the client is gone.
 */
export async function serveCgi(application: Application, options: CgiOptions): Promise<0 | 1> {
  const { environment, log, stdin, stdout, maxBody = 65536, bodyTimeout = 4500 } = options
  const { body, fault } = await readCgiBody(environment, { maxBody, bodyTimeout, stdin })
  options.holdTermination?.()
  const request = requestFromEnvironment(environment, body, fault)
  const answer = await respond(application, request, failureReport(log))
  try {
    await writeAll(answer, stdout)
    return 0
  } catch (error) {
    log.warn('the client went away before it had the answer', { reason: String(error) })
    return 1
  }
}

/** The loop is for partial writes; a non-blocking descriptor that is full needs the stream. */
async function writeAll(bytes: Buffer, stdout: () => Writable): Promise<void> {
  let written = 0
  try {
    while (written < bytes.length) written += fs.writeSync(STDOUT, bytes, written)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    await writeStream(stdout(), bytes.subarray(written))
  }
}

function writeStream(stream: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.on('error', reject)
    stream.write(bytes, error => (error ? reject(error) : resolve()))
  })
}
