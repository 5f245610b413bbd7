import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { WeixinError } from '../errors.ts'
import { joinHeaders, readCgiDocument } from './cgi-document.ts'
import { PLATFORM_HEADERS } from './platform-headers.ts'

/** One request as the platform would make it. */
export interface Delivery {
  readonly method: 'GET' | 'POST'
  /** Without the question mark. */
  readonly query: string
  readonly body: string
}

/** What came back. */
export interface Outcome {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What a script wrote to its standard error. */
  readonly log: string
  readonly milliseconds: number
}

/** Nothing came back; the sentence says why, and what to look at. */
export class DeliveryError extends WeixinError {
  override name = 'DeliveryError'
}

/** How many milliseconds the platform waits for an answer ("Passive reply"). */
export const PATIENCE_MS = 5000

/** How a delivery goes, where that is not as usual. */
export interface Course {
  /** Ends it; if not given, what ends the platform's patience. */
  readonly signal?: AbortSignal
  /** A slow network: what lies between the pieces of the body, and in front of the first. */
  readonly pause?: () => Promise<void>
}

/** In how many pieces a body goes over a slow network. */
const PIECES = 4

/** The headers of the platform's requests, Host aside. */
export function requestHeaders(body: string): Record<string, string> {
  return {
    ...PLATFORM_HEADERS,
    ...(body && { 'Content-Type': 'text/xml', 'Content-Length': String(Buffer.byteLength(body)) }),
  }
}

/**
 * The address with the query behind its own, as the platform does.
 *
 * @throws {DeliveryError} when it is not one
 */
export function targetOf(url: string, query: string): URL {
  if (URL.canParse(url) && /^https?:/i.test(url)) {
    const target = new URL(url)
    target.search = target.search ? `${target.search}&${query}` : query
    return target
  }
  throw new DeliveryError({
    en: `${url} is not a URL; permitted: http://… or https://…`,
    zh: `${url} 不是网址；应以 http:// 或 https:// 开头`,
  })
}

/**
 * Sends to a URL; the URL's own query string is kept in front, as the platform does.
 *
 * @throws {DeliveryError} when nobody answers there, not in time, or the URL is not one
 */
export async function deliverToUrl(
  url: string,
  { method, query, body }: Delivery,
  { signal = AbortSignal.timeout(PATIENCE_MS), pause }: Course = {},
): Promise<Outcome> {
  const target = targetOf(url, query)
  const started = performance.now()
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest
  const sent = request(target, { method, headers: requestHeaders(body), signal, agent: false })
  const answered = once(sent, 'response')
  // What breaks once there is an answer is told by the answer.
  sent.on('error', () => {})
  send(sent, body, pause)
  try {
    const [response] = (await answered) as [IncomingMessage]
    const received = await buffer(response)
    return {
      status: response.statusCode ?? 0,
      headers: joinHeaders(response.rawHeaders),
      body: received.toString(),
      log: '',
      milliseconds: performance.now() - started,
    }
  } catch (error) {
    throw notDelivered(target, error as Error)
  }
}

/** Nothing in flight is ended here: whoever gave the signal does that. */
async function send(into: NodeJS.WritableStream, body: string, pause: Course['pause']): Promise<void> {
  if (pause) {
    const bytes = Buffer.from(body)
    const size = Math.max(1, Math.ceil(bytes.length / PIECES))
    if (into instanceof ClientRequest) into.flushHeaders()
    for (let start = 0; start < bytes.length; start += size) {
      await pause()
      if (into.writable) into.write(bytes.subarray(start, start + size))
    }
    into.end()
  } else into.end(body)
}

function notDelivered({ host }: URL, error: Error): DeliveryError {
  const code =
    error.name === 'AbortError' || error.name === 'TimeoutError' ? 'TIMEOUT' : (error as NodeJS.ErrnoException).code
  const [en, zh] =
    code === 'ECONNREFUSED'
      ? ['nobody listens there; is npm start running?', '没有程序在监听；npm start 运行了吗？']
      : code === 'TIMEOUT'
        ? ['no answer in time; the platform waits for 5 s', '未能及时得到回复；微信只等待 5 秒']
        : [code ?? error.message, code ?? error.message]
  return new DeliveryError({ en: `cannot reach ${host}: ${en}`, zh: `无法访问 ${host}：${zh}` }, { cause: error })
}

/** Runs the script with a piped CGI environment (RFC 3875), as Apache would. One that is ended has the status 0. */
export async function deliverToScript(
  script: string,
  environment: Readonly<Record<string, string | undefined>>,
  delivery: Delivery,
  { signal = AbortSignal.timeout(PATIENCE_MS), pause }: Course = {},
): Promise<Outcome> {
  const started = performance.now()
  const child = spawn(process.execPath, [script], {
    env: { ...environment, ...cgiVariables(delivery) },
    stdio: 'pipe',
    signal,
    killSignal: 'SIGKILL',
  })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  send(child.stdin, delivery.body, pause)
  const [output, log] = await Promise.all([buffer(child.stdout), buffer(child.stderr)])
  const document = readCgiDocument(output) ?? { status: 0, headers: {}, body: output }
  const milliseconds = performance.now() - started
  return { ...document, body: document.body.toString(), log: log.toString(), milliseconds }
}

/** What a request makes of the environment of a script (RFC 3875 section 4.1). */
export function cgiVariables({ method, query, body }: Delivery): Record<string, string> {
  return {
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: method,
    QUERY_STRING: query,
    ...(body && { CONTENT_TYPE: 'text/xml', CONTENT_LENGTH: String(Buffer.byteLength(body)) }),
  }
}
