import type { IncomingMessage } from 'node:http'

/** One request to an API. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  /** `http:` or `https:`. */
  readonly url: string
  /** JSON. */
  readonly body?: string
  /** Milliseconds for everything, from looking up the name to the last byte. */
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

/** Calls over HTTPS or HTTP, past every proxy. What it needs of Node is loaded with the first call. */
export const httpCall: HttpCall = async ({ method, url, body, timeout, limit }) => {
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  const headers =
    body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false })
    const timer = setTimeout(() => {
      reject(fault('TIMEOUT'))
      outgoing.destroy()
    }, timeout)
    outgoing.on('error', reject)
    outgoing.on('close', () => clearTimeout(timer))
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
