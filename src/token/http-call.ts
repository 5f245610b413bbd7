import type { ClientRequest, IncomingMessage } from 'node:http'

/** One request to an API. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  /** `http:` or `https:`. */
  readonly url: string
  /** JSON. */
  readonly body?: string
  /** Milliseconds for everything, from looking up the name to the last byte, as long as this process gets to run. */
  readonly timeout: number
  /** Bytes of the answer. */
  readonly limit: number
}

/** Whatever was answered: a status of 4xx or 5xx and a redirect, which is never followed, are answers as well. */
export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

/** Rejects with an error that has a `code`: the system's, `TIMEOUT` or `TOO_LARGE`. */
export type HttpCall = (request: HttpRequest) => Promise<HttpAnswer>

/** A request that is not sent yet: straight to the host, or by way of a proxy. */
export type OpenRequest = (
  url: URL,
  options: { readonly method: string; readonly headers: Readonly<Record<string, string | number>> },
) => Promise<ClientRequest>

/** Calls over HTTPS or HTTP. What it needs of Node is loaded with the first call. */
export function createHttpCall(open: OpenRequest): HttpCall {
  return request => call(open, request)
}

/**
 * Milliseconds. The time is counted in so many pieces because a busy machine may leave this process standing for seconds,
 * with the answer already there.
 */
const TICK = 50

async function call(open: OpenRequest, { method, url, body, timeout, limit }: HttpRequest): Promise<HttpAnswer> {
  const headers =
    body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  const outgoing = await open(new URL(url), { method, headers })
  return new Promise((resolve, reject) => {
    let left = timeout
    const timer = setInterval(() => {
      left -= TICK
      if (left > 0) return
      reject(fault('TIMEOUT'))
      outgoing.destroy()
    }, TICK)
    outgoing.on('error', reject)
    outgoing.on('close', () => clearInterval(timer))
    outgoing.on('response', incoming => {
      readText(incoming, limit).then(text => resolve({ status: incoming.statusCode ?? 0, body: text }), reject)
    })
    outgoing.end(body)
  })
}

async function readText(incoming: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) throw fault('TOO_LARGE')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { code })
}
