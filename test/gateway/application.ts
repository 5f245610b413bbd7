import fs from 'node:fs'
import type { GatewayRequest } from '../../src/gateway/request.ts'
import type { Application, GatewayResponse } from '../../src/gateway/response.ts'

const FAULT_STATUS = { 'too-large': 413, timeout: 408, incomplete: 400, 'head-too-large': 431 } as const

const waiting: (() => void)[] = []

/** What a query makes the application do; every other one is echoed. */
const SPECIAL: Readonly<Record<string, (request: GatewayRequest) => GatewayResponse | Promise<GatewayResponse>>> = {
  throw: () => {
    throw new Error('thrown by the application')
  },
  reject: () => Promise.reject(new Error('rejected by the application')),
  split: () => ({ status: 200, headers: { 'X-Split': 'a\r\nSet-Cookie: b' }, body: '' }),
  big: () => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: Buffer.alloc(400_000, 'x') }),
  huge: () => ({ status: 200, headers: {}, body: Buffer.alloc(16 * 1024 * 1024, 'x') }),
  chinese: () => ({ status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: '你好，世界' }),
  wait: () => new Promise(resolve => waiting.push(() => resolve(text('waited')))),
  linger: () =>
    new Promise(resolve => {
      const alive = setInterval(() => {}, 1000)
      process.once('SIGTERM', () => {
        clearInterval(alive)
        resolve(text('lingered'))
      })
    }),
  release: () => {
    const released = waiting.splice(0)
    for (const release of released) release()
    return text(String(released.length))
  },
  process: () =>
    text(
      JSON.stringify({
        pid: process.pid,
        descriptors: fs.readdirSync('/proc/self/fd').length,
        megabytes: Math.round(process.memoryUsage.rss() / 1e6),
      }),
    ),
}

/** Echoes what the gateway handed over. */
export const application: Application = async request => {
  if (request.bodyFault) return { ...text(request.bodyFault), status: FAULT_STATUS[request.bodyFault] }
  const special = SPECIAL[request.query]
  if (special) return special(request)
  const { method, query, contentType, contentEncoding, body } = request
  return text(JSON.stringify({ method, query, contentType, contentEncoding, body: body.toString('latin1') }))
}

function text(body: string): GatewayResponse {
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body }
}
