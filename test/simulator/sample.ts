import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { decodeAesKey } from '../../src/crypto/cipher.ts'
import { sealEnvelope } from '../../src/crypto/envelope.ts'
import type { Clock } from '../../src/simulator/clock.ts'
import type { SimulatedAccount } from '../../src/simulator/exchange.ts'

export const ACCOUNT: SimulatedAccount = {
  token: 'kapokTree2031',
  appId: 'wx00d1e2f3a4b5c6d7',
  appSecret: 'SECRET-0123456789abcdef',
  aesKey: 'Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc00',
  userName: 'gh_a0b1c2d3e4f5',
}
export const FAN = 'oQ7xExampleFan0001'
/** 2030-01-01T00:00:00Z in milliseconds. */
export const NOW = 1_893_456_000_000

/** A reply to the fan with these elements behind the common ones. */
export function reply(type: string, elements: string, to = FAN, from = ACCOUNT.userName): string {
  return `<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>1893456002</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${elements}</xml>`
}

export function textReply(content: string): string {
  return reply('text', `<Content><![CDATA[${content}]]></Content>`)
}

/** As the responder sends it in safe mode. */
export function sealed(
  xml: string,
  { token, appId, aesKey }: Pick<SimulatedAccount, 'token' | 'appId' | 'aesKey'> = ACCOUNT,
) {
  const random = (size: number) => Buffer.alloc(size, 7)
  return sealEnvelope(xml, { token, appId, key: decodeAesKey(aesKey), timestamp: '1893456002', nonce: '5', random })
}

/** Time that passes when the test says so. */
export interface VirtualClock extends Clock {
  /** Wakes, in their order, all who sleep until then. */
  pass(milliseconds: number): void
}

export function virtualClock(start = NOW): VirtualClock {
  let now = start
  let sleepers: { readonly until: number; wake(): void }[] = []
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise(resolve => {
        sleepers.push({ until: now + milliseconds, wake: resolve })
        signal?.addEventListener('abort', () => resolve())
      }),
    pass(milliseconds) {
      now += milliseconds
      const due = sleepers.filter(({ until }) => until <= now).sort((one, other) => one.until - other.until)
      sleepers = sleepers.filter(({ until }) => until > now)
      for (const { wake } of due) wake()
    },
  }
}

/** What a responder got. */
export interface Arrived {
  readonly method: string
  readonly url: URL
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** A responder on the loopback; the n-th request gets the n-th answer, and those behind the last get that. */
export async function responder(t: Test, ...answers: ((response: http.ServerResponse, arrived: Arrived) => void)[]) {
  const arrived: Arrived[] = []
  const waiting: (() => void)[] = []
  const server = http.createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const one = { method, url: new URL(url, 'http://localhost'), headers, body }
    arrived.push(one)
    ;(answers[arrived.length - 1] ?? answers.at(-1))?.(response, one)
    for (const wake of waiting.splice(0)) wake()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/wx`,
    arrived,
    /** Resolves when so many requests have come. */
    async got(count: number): Promise<void> {
      while (arrived.length < count) await new Promise<void>(resolve => waiting.push(resolve))
    },
  }
}

/** An answer with this status and body. */
export function says(body: string, status = 200) {
  return (response: http.ServerResponse) => void response.writeHead(status).end(body)
}

/** No answer at all. */
export function silent(): void {}
