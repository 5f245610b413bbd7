import { once } from 'node:events'
import net from 'node:net'
import { type BenchMessage, benchMessage, isRightAnswer, type Kind } from './messages.ts'

/** What a load process is asked to send. */
export interface LoadJob {
  readonly port: number
  /** The virtual host. */
  readonly host: string
  readonly kind: Kind
  /** Kept open, with one message at a time on each. */
  readonly connections: number
  /** How many messages. */
  readonly count: number
  /** The number of the first message. */
  readonly first: number
}

export interface LoadResult {
  /** Answers in each second. */
  readonly rate: number
  /** Milliseconds which 99 of 100 answers took at the most. */
  readonly p99: number
  /** Messages without a right answer. */
  readonly failed: number
  /** What was wrong with the first of them. */
  readonly fault?: string
}

interface Answer {
  readonly status: number
  readonly body: Buffer
}

/**
 * Sends messages to a web server as WeChat does, as fast as answers come. All that costs time of its own, signing,
 * encrypting and looking at the answers, is done before and after.
 */
export async function sendLoad(job: LoadJob): Promise<LoadResult> {
  const { kind, count, first, connections } = job
  const seconds = Math.floor(Date.now() / 1000)
  const messages = Array.from({ length: count }, (_, index) => benchMessage(kind, first + index, seconds))
  const requests = messages.map(message => requestBytes(message, job.host))
  const answers: (Answer | Error)[] = []
  const latencies = new Float64Array(count)
  let next = 0
  const sockets = await Promise.all(Array.from({ length: connections }, () => connect(job.port)))
  const begun = performance.now()
  await Promise.all(
    sockets.map(async socket => {
      const ask = asker(socket)
      while (next < count) {
        const index = next++
        const asked = performance.now()
        answers[index] = await ask(requests[index] ?? Buffer.alloc(0)).catch((error: Error) => error)
        latencies[index] = performance.now() - asked
        if (socket.destroyed) return
      }
    }),
  )
  const elapsed = performance.now() - begun
  for (const socket of sockets) socket.destroy()
  const faults = messages.map((message, index) => fault(kind, message, answers[index])).filter(Boolean)
  const p99 = latencies.sort()[Math.ceil(0.99 * count) - 1] ?? Number.NaN
  return { rate: (count / elapsed) * 1000, p99, failed: faults.length, ...(faults[0] && { fault: faults[0] }) }
}

async function connect(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1').setNoDelay()
  await once(socket, 'connect')
  return socket
}

/** Sends a request and waits for its answer. */
function asker(socket: net.Socket): (request: Buffer) => Promise<Answer> {
  let received: Buffer = Buffer.alloc(0)
  let settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined
  socket.on('data', chunk => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = readAnswer(received)
    if (!answer) return
    received = Buffer.alloc(0)
    settle?.resolve(answer)
  })
  const end = (error?: Error) => settle?.reject(error ?? new Error('the connection was closed'))
  socket.on('error', end).on('close', () => end())
  return request =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject }
      socket.write(request)
    })
}

const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n')

/** Undefined as long as it is not whole. Nothing comes behind it, because nothing else was asked for. */
function readAnswer(received: Buffer): Answer | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = received.toString('latin1', 0, end)
  const status = Number(head.slice(9, 12))
  const body = received.subarray(end + 4)
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? []
  if (length !== undefined) return body.length < Number(length) ? undefined : { status, body }
  // npm wechat answers in chunks, of which its answer is one.
  return body.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK) ? { status, body } : undefined
}

function requestBytes({ method, path, query, body }: BenchMessage, host: string): Buffer {
  const content = method === 'POST' ? `Content-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` : ''
  return Buffer.from(`${method} ${path}${query && '?'}${query} HTTP/1.1\r\nHost: ${host}\r\n${content}\r\n${body}`)
}

function fault(kind: Kind, message: BenchMessage, answer: Answer | Error | undefined): string {
  if (answer === undefined) return 'it was not sent, because its connection was closed'
  if (answer instanceof Error) return answer.message
  if (answer.status !== 200) return `status ${answer.status}`
  try {
    return isRightAnswer(kind, message, answer.body) ? '' : `wrong answer: ${answer.body.toString().slice(0, 200)}`
  } catch (error) {
    return `wrong answer: ${error}`
  }
}
