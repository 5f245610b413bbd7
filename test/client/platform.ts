import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { type Client, type ClientOptions, createClient } from '../../src/client/client.ts'

/** What a fake api.weixin.qq.com was asked. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

/** An answer: a JSON text, bytes with their headers, or whatever is done with the response. */
export type Script = string | ((response: http.ServerResponse, request: Received) => void)

export interface Platform {
  readonly url: string
  /** In the order in which they came. */
  readonly received: Received[]
}

export const OK = '{"errcode":0,"errmsg":"ok"}'

/** A server that gives its answers in order, the last one for ever. */
export async function platform(t: Test, ...scripts: readonly [Script, ...Script[]]): Promise<Platform> {
  const received: Received[] = []
  const server = http.createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake.invalid')
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      // The client has given up half-way.
      return
    }
    const call: Received = {
      method: request.method ?? '',
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: request.headers,
      body: Buffer.concat(chunks),
    }
    const script = scripts[Math.min(received.length, scripts.length - 1)]
    received.push(call)
    if (typeof script === 'function') script(response, call)
    else response.writeHead(200, { 'Content-Type': 'text/plain' }).end(script)
  })
  return { url: `http://127.0.0.1:${await listening(t, server)}`, received }
}

/** Listens until the test ends; the port. */
export async function listening(t: Test, server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

/** An address where nobody listens. */
export async function nobody(): Promise<string> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}

/** Tokens that are handed out one after the other: the next when the one before was given up. */
export function tokens(...values: readonly string[]) {
  const invalidated: string[] = []
  let position = 0
  return {
    invalidated,
    get: async () => ({ value: values[Math.min(position, values.length - 1)] ?? '' }),
    async invalidate(failed: string) {
      invalidated.push(failed)
      if (values[position] === failed) position++
    },
  }
}

export const TOKEN = 'TOKEN-one-0123456789'
export const APP_ID = 'wx0123456789abcdef'
export const APP_SECRET = 'SECRET-0123456789abcdef'

/** A client of this platform, which waits for nothing. */
export function clientOf(t: Test, hosts: string | readonly string[], options: Partial<ClientOptions> = {}): Client {
  const client = createClient({
    token: tokens(TOKEN),
    appId: APP_ID,
    appSecret: APP_SECRET,
    hosts: [hosts].flat(),
    wait: async () => {},
    ...options,
  })
  t.teardown(() => client.close())
  return client
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
