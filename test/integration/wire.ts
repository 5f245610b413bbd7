import net from 'node:net'
import { sign } from '../../src/crypto/signature.ts'

/** An answer byte by byte: nothing between us and the socket tidies it up. */
export interface WireResponse {
  readonly statusLine: string
  /** Names as they were sent; a repeated one has its values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Sends one request as it stands and reads until the server closes. */
export function exchange(port: number, request: string | Buffer): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = net.connect(port, '127.0.0.1', () => socket.write(request))
    socket.on('data', chunk => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(parse(Buffer.concat(chunks))))
  })
}

export function get(port: number, target: string, headers = ''): Promise<WireResponse> {
  return exchange(port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`)
}

export function post(port: number, target: string, body: string | Buffer, method = 'POST'): Promise<WireResponse> {
  const length = Buffer.byteLength(body)
  const head = `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept-Encoding: gzip\r\n`
  const fields = `Content-Type: text/xml\r\nContent-Length: ${length}\r\n\r\n`
  return exchange(port, Buffer.concat([Buffer.from(head + fields), Buffer.from(body)]))
}

function parse(bytes: Buffer): WireResponse {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [name = '', value = ''] = line.split(/: ?(.*)/s)
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  return { statusLine, headers, body: bytes.subarray(end + 4) }
}

/** The parameters of a request that WeChat would make now. */
export function signed(token: string): string {
  const timestamp = String(Math.floor(Date.now() / 1000))
  return `signature=${sign(token, timestamp, '772019364')}&timestamp=${timestamp}&nonce=772019364`
}
