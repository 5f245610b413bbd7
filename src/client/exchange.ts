import type { ClientRequest, IncomingMessage } from 'node:http'
import { type Connector, REFUSED_TUNNEL } from './connection.ts'
import type { ReportProgress } from './download.ts'
import type { Body } from './form.ts'
import { TransportError, type TransportFault } from './transport-error.ts'

/** One request, once, to one host. */
export interface Exchange {
  /** The method and path, for errors: the address has secrets. */
  readonly endpoint: string
  readonly method: string
  readonly url: URL
  readonly body: Body | undefined
  /** Whether a second call does nothing that the first has not done: it may go over a connection that was kept open. */
  readonly repeatable: boolean
  /** Milliseconds until the last byte of the answer. */
  readonly timeout: number
  /** Milliseconds until there is a connection. */
  readonly connectTimeout: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: ReportProgress | undefined
}

/**
 * Sends a request and gives the answer's head; reading its body throws a `TransportError` when the time is over.
 * Redirections are not followed.
 *
 * @throws {TransportError} when no answer comes
 */
export async function sendRequest(exchange: Exchange, connector: Connector): Promise<IncomingMessage> {
  const { method, url, body, repeatable, timeout, connectTimeout, signal } = exchange
  const headers = {
    'User-Agent': 'weixin-cgi',
    ...(body && { 'Content-Type': body.contentType, 'Content-Length': body.length }),
  }
  const outgoing = await connector.open(url, { method, headers, reuse: repeatable, ...(signal && { signal }) })
  return new Promise((resolve, reject) => {
    let connected = false
    let incoming: IncomingMessage | undefined
    const fault = (reason: TransportFault, code?: string) => new TransportError(reason, exchange, url.host, code)
    const fail = (error: unknown) => {
      reject(error)
      // Once there is an answer, whoever reads it gets the error; what is left of the request matters to nobody.
      if (incoming) incoming.destroy(error as Error)
      else outgoing.destroy()
    }
    const connectTimer = setTimeout(() => fail(fault('connect-timeout')), connectTimeout)
    const timer = setTimeout(() => fail(fault(connected ? 'timeout' : 'connect-timeout')), timeout)
    onConnection(outgoing, url, () => {
      connected = true
      clearTimeout(connectTimer)
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(connectTimer)
      if (incoming) return
      clearTimeout(timer)
      if (signal?.aborted) reject(signal.reason)
      else reject(fault(connected ? 'lost' : connector.proxied ? 'proxy' : 'unreachable', codeOf(error)))
    })
    outgoing.on('response', response => {
      incoming = response
      response.once('close', () => clearTimeout(timer))
      resolve(response)
    })
    sendBody(outgoing, exchange, fail)
  })
}

/** Calls back when there is a connection: for https when its certificate is accepted. */
function onConnection(outgoing: ClientRequest, url: URL, connected: () => void): void {
  outgoing.once('socket', socket => {
    if (socket.connecting) socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected)
    else connected()
  })
}

/** What becomes of the request is reported by the request itself; only a body that cannot be read is reported here. */
async function sendBody(
  outgoing: ClientRequest,
  { body, onProgress }: Exchange,
  fail: (error: unknown) => void,
): Promise<void> {
  if (!body) {
    outgoing.end()
    return
  }
  const { pipeline } = await import('node:stream/promises')
  await pipeline(async function* () {
    let transferred = 0
    try {
      for await (const chunk of body.chunks()) {
        yield chunk
        transferred += chunk.byteLength
        onProgress?.({ transferred, total: body.length })
      }
    } catch (error) {
      fail(error)
      throw error
    }
  }, outgoing).catch(() => {})
}

function codeOf({ code, message }: NodeJS.ErrnoException): string {
  return code?.startsWith(REFUSED_TUNNEL) ? code.slice(REFUSED_TUNNEL.length) : (code ?? message)
}
