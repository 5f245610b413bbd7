import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Bilingual, WeixinError } from '../../errors.ts'

/** What the page asked for cannot be done. */
export class PhoneError extends WeixinError {
  override name = 'PhoneError'
}

/** Scripts and styles of our own only; pictures also from this machine's other servers, which articles may name. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob: http://127.0.0.1:* http://localhost:*",
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** On every answer: nothing is kept, nothing is embedded, and no other site learns the address. */
const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

/** A whole answer. */
export function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  const length = Buffer.byteLength(body)
  response.writeHead(status, { ...HEADERS, 'Content-Type': type, 'Content-Length': length, ...headers })
  response.end(body)
}

/** A value as JSON. */
export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  answer(response, status, 'application/json; charset=utf-8', JSON.stringify(value))
}

/** Begins an answer that goes on until the page is closed. */
export function beginStream(response: ServerResponse, type: string): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': type })
}

/** A reason that the page can show. */
export function refuse(response: ServerResponse, status: number, reason: Bilingual): void {
  answerJson(response, status, { reason })
}

/**
 * The body of a request.
 *
 * @param limit in bytes
 * @throws {PhoneError} when it is longer
 */
export async function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) {
      throw new PhoneError({ en: `more than ${limit} bytes`, zh: `超过 ${limit} 字节` })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
