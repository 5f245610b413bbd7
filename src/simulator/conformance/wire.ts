import { spawn } from 'node:child_process'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { joinHeaders, readCgiDocument } from '../cgi-document.ts'
import { PLATFORM_HEADERS } from '../platform-headers.ts'
import { Finding } from './finding.ts'

/** One request, right or wrong. */
export interface WireRequest {
  readonly method: string
  /** Without the question mark. */
  readonly query: string
  readonly body: Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer as its bytes came: nothing between us and the responder tidies it up. */
export interface WireAnswer {
  readonly status: number
  /** Names in lower case; the values of a repeated one are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly milliseconds: number
}

/** Where requests go. Rejects with {@link NoAnswer}. */
export type Wire = (request: WireRequest) => Promise<WireAnswer>

/** Why nothing came back. */
export type Silence = 'timeout' | 'refused' | 'closed' | 'garbled'

const SILENCES: Readonly<Record<Silence, { readonly en: string; readonly zh: string }>> = {
  timeout: { en: 'it did not answer in time', zh: '没有及时应答' },
  refused: { en: 'nobody listens there', zh: '没有程序在监听' },
  closed: { en: 'it closed the connection, or ended, without an answer', zh: '没有应答就断开连接或退出' },
  garbled: { en: 'what it sent is no HTTP response', zh: '返回的内容不是 HTTP 响应' },
}

/** No answer at all, which is a finding unless the check says otherwise. */
export class NoAnswer extends Finding {
  override name = 'NoAnswer'
  readonly silence: Silence

  constructor(silence: Silence, options?: ErrorOptions) {
    super(SILENCES[silence], options)
    this.silence = silence
  }
}

const BODY_LIMIT = 2 ** 22

/**
 * Requests to a URL, each over a connection of its own; the URL's own query string is kept in front.
 *
 * @param patience milliseconds for the whole answer
 */
export function createUrlWire(url: URL, patience: number): Wire {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return ({ method, query, body, headers }) =>
    new Promise((resolve, reject) => {
      const started = performance.now()
      const fail = (error: Error) => reject(new NoAnswer(silenceOf(error), { cause: error }))
      const sent = send(
        {
          hostname: url.hostname.replace(/^\[|\]$/g, ''),
          port: url.port || undefined,
          // As it stands: a URL object would repair the broken queries that are sent on purpose.
          path: `${url.pathname}?${url.search ? `${url.search.slice(1)}&` : ''}${query}`,
          method,
          headers: { ...PLATFORM_HEADERS, ...lengthOf(method, body), ...headers },
          signal: AbortSignal.timeout(patience),
          agent: false,
        },
        response => {
          const chunks: Buffer[] = []
          let size = 0
          response.on('data', (chunk: Buffer) => {
            size += chunk.length
            if (size <= BODY_LIMIT) chunks.push(chunk)
          })
          response.on('error', fail)
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: joinHeaders(response.rawHeaders),
              body: Buffer.concat(chunks),
              milliseconds: performance.now() - started,
            }),
          )
        },
      )
      sent.on('error', fail)
      sent.end(body)
    })
}

function lengthOf(method: string, body: Buffer): Record<string, string> {
  if (method === 'GET' || method === 'HEAD') return {}
  return { 'Content-Type': 'text/xml', 'Content-Length': String(body.length) }
}

function silenceOf(error: NodeJS.ErrnoException): Silence {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout'
  if (error.code?.startsWith('HPE_')) return 'garbled'
  return ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? 'closed' : 'refused'
}

// Node reads these certificates before it runs anything, 35 ms of it, and Apache hands no such variable to a script.
const NOT_APACHES = { NODE_EXTRA_CA_CERTS: undefined }

/**
 * Requests to a script of ours by pipe, with the environment that Apache would give it (RFC 3875 section 4.1).
 *
 * @param patience milliseconds; a process that takes longer is killed
 */
export function createScriptWire(
  script: string,
  environment: Readonly<Record<string, string | undefined>>,
  patience: number,
): Wire {
  return ({ method, query, body, headers = {} }) =>
    new Promise((resolve, reject) => {
      const started = performance.now()
      const { 'Content-Type': type = 'text/xml', ...rest } = headers
      const child = spawn(process.execPath, [script], {
        env: {
          ...environment,
          ...NOT_APACHES,
          ...Object.fromEntries(
            Object.entries(rest).map(([name, value]) => [`HTTP_${name.toUpperCase().replaceAll('-', '_')}`, value]),
          ),
          GATEWAY_INTERFACE: 'CGI/1.1',
          SERVER_PROTOCOL: 'HTTP/1.1',
          REQUEST_METHOD: method,
          QUERY_STRING: query,
          ...(method !== 'GET' && method !== 'HEAD' && { CONTENT_TYPE: type, CONTENT_LENGTH: String(body.length) }),
        },
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: patience,
        killSignal: 'SIGKILL',
      })
      const chunks: Buffer[] = []
      // It need not read a body that it refuses.
      child.stdin.on('error', () => {})
      child.stdin.end(body)
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
      child.on('error', error => reject(new NoAnswer('closed', { cause: error })))
      child.on('close', () => {
        const milliseconds = performance.now() - started
        const answer = readCgiDocument(Buffer.concat(chunks))
        if (answer) resolve({ ...answer, milliseconds })
        else reject(new NoAnswer(child.killed ? 'timeout' : 'closed'))
      })
    })
}
