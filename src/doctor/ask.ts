import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** One request, as WeChat would make it. */
export interface Question {
  readonly url: URL
  /** The address to connect to, where that is not what the name in the URL stands for. */
  readonly address?: string | undefined
  readonly method?: 'GET' | 'POST' | 'HEAD'
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds until the last byte; 5000, as WeChat waits, if not given. */
  readonly timeout?: number
  /** Whether a certificate that nobody vouches for is an error. */
  readonly strict?: boolean
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly milliseconds: number
}

/** @returns the system's name for what went wrong when there is no answer: `ECONNREFUSED`, `TIMEOUT` */
export type Ask = (question: Question) => Promise<Answer | string>

const PATIENCE = 5000
/** Bytes; whoever sends more is not a responder. */
const LIMIT = 1_048_576

export const ask: Ask = question => {
  const { url, address = url.hostname.replace(/^\[|\]$/g, ''), method = 'GET', body = '', headers = {} } = question
  const { timeout = PATIENCE, strict = false } = question
  const secure = url.protocol === 'https:'
  const started = performance.now()
  return new Promise(resolve => {
    const signal = AbortSignal.timeout(timeout)
    const failed = (error: NodeJS.ErrnoException) => resolve(signal.aborted ? 'TIMEOUT' : (error.code ?? error.message))
    const sent = (secure ? httpsRequest : httpRequest)(
      {
        host: address,
        port: url.port || (secure ? 443 : 80),
        path: url.pathname + url.search,
        method,
        signal,
        agent: false,
        setHost: false,
        rejectUnauthorized: strict,
        servername: url.hostname,
        headers: {
          Host: url.host,
          'User-Agent': 'Mozilla/4.0',
          Accept: '*/*',
          ...(body && { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      response => {
        const chunks: Buffer[] = []
        let length = 0
        const end = () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
            milliseconds: performance.now() - started,
          })
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          length += chunk.length
          if (length > LIMIT) {
            end()
            sent.destroy()
          }
        })
        response.on('error', failed)
        response.on('end', end)
      },
    )
    sent.on('error', failed)
    sent.end(body)
  })
}
