/** A FastCGI web server's side, built by hand from the specification and not from the code under test. */
import { once } from 'node:events'
import net from 'node:net'

export const BEGIN = 1
export const ABORT = 2
export const END = 3
export const PARAMS = 4
export const STDIN = 5
export const STDOUT = 6
export const STDERR = 7
export const GET_VALUES = 9
export const GET_VALUES_RESULT = 10
export const UNKNOWN_TYPE = 11

export function record(type: number, id: number, content: Buffer | string = '', padding = 0): Buffer {
  const bytes = Buffer.from(content)
  const header = [1, type, id >> 8, id & 255, bytes.length >> 8, bytes.length & 255, padding, 0]
  return Buffer.concat([Buffer.from(header), bytes, Buffer.alloc(padding, 0xff)])
}

export function begin(id: number, { keep = false, role = 1 } = {}): Buffer {
  return record(BEGIN, id, Buffer.from([role >> 8, role & 255, keep ? 1 : 0, 0, 0, 0, 0, 0]))
}

function length(size: number): Buffer {
  if (size < 128) return Buffer.from([size])
  return Buffer.from([(size >>> 24) | 128, (size >> 16) & 255, (size >> 8) & 255, size & 255])
}

export function pair(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)]
  return Buffer.concat([length(nameBytes.length), length(valueBytes.length), nameBytes, valueBytes])
}

export type Variables = Readonly<Record<string, string>>

export function pairs(variables: Variables): Buffer {
  return Buffer.concat(Object.entries(variables).map(([name, value]) => pair(name, value)))
}

/** The variables of a request as Apache sends them, with `CONTENT_LENGTH` where there is a body. */
export function variables(query: string, body: Buffer | string = '', more: Variables = {}): Variables {
  return {
    GATEWAY_INTERFACE: 'CGI/1.1',
    SERVER_SOFTWARE: 'Apache/2.4.71 (Debian)',
    REQUEST_METHOD: body.length > 0 ? 'POST' : 'GET',
    QUERY_STRING: query,
    ...(body.length > 0 && { CONTENT_LENGTH: String(Buffer.byteLength(body)), CONTENT_TYPE: 'text/xml' }),
    REMOTE_ADDR: '127.0.0.1',
    HTTP_USER_AGENT: 'Mozilla/4.0',
    HTTP_X_LONG: 'v'.repeat(200),
    ...more,
  }
}

/** A stream of records of one type with its end. */
export function stream(type: number, id: number, content: Buffer | string, size = 65535): Buffer {
  const bytes = Buffer.from(content)
  const records: Buffer[] = []
  for (let start = 0; start < bytes.length; start += size) {
    records.push(record(type, id, bytes.subarray(start, start + size)))
  }
  return Buffer.concat([...records, record(type, id)])
}

/** A whole request. */
export function request(query: string, body: Buffer | string = '', { id = 1, keep = false, more = {} } = {}): Buffer {
  return Buffer.concat([
    begin(id, { keep }),
    stream(PARAMS, id, pairs(variables(query, body, more))),
    stream(STDIN, id, body),
  ])
}

export interface WireRecord {
  readonly type: number
  readonly id: number
  readonly content: Buffer
}

/** What one request got: the CGI document, and `protocolStatus` of FCGI_END_REQUEST. */
export interface Reply {
  readonly document: string
  readonly protocolStatus: number
}

/** One connection to a responder. */
export interface Wire {
  readonly socket: net.Socket
  send(bytes: Buffer): void
  /** Everything that has come back, to the end of the connection. */
  records(): Promise<WireRecord[]>
  /** The next record that `accept` accepts; each is given once. Rejects when the connection ends first. */
  next(accept: (record: WireRecord) => boolean): Promise<WireRecord>
  /** The whole reply to one request. */
  reply(id?: number): Promise<Reply>
}

/** Connects to a unix socket's path or to a port of the loopback interface. */
export function connect(where: string | number): Wire {
  const socket =
    typeof where === 'string' ? net.connect({ path: where, allowHalfOpen: true }) : net.connect(where, '127.0.0.1')
  const all: WireRecord[] = []
  const waiting: WireRecord[] = []
  let rest = Buffer.alloc(0)
  let ended = false
  socket.on('error', () => {})
  const closed = new Promise(resolve => socket.on('close', resolve))
  socket.on('end', () => socket.end())
  socket.on('data', chunk => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 8) {
      const end = 8 + rest.readUInt16BE(4)
      if (rest.length < end + (rest[6] ?? 0)) break
      const complete = { type: rest[1] ?? 0, id: rest.readUInt16BE(2), content: rest.subarray(8, end) }
      all.push(complete)
      waiting.push(complete)
      rest = rest.subarray(end + (rest[6] ?? 0))
    }
    socket.emit('records')
  })
  closed.then(() => {
    ended = true
    socket.emit('records')
  })
  const find = async (accept: (record: WireRecord) => boolean): Promise<number> => {
    for (;;) {
      const index = waiting.findIndex(accept)
      if (index >= 0) return index
      if (ended) throw new Error('the connection ended without that record')
      await once(socket, 'records')
    }
  }
  return {
    socket,
    send: bytes => socket.write(bytes),
    async records() {
      await closed
      return all
    },
    async next(accept) {
      const [found] = waiting.splice(await find(accept), 1)
      return found as WireRecord
    },
    async reply(id = 1) {
      const index = await find(record => record.id === id && record.type === END)
      const mine = waiting.slice(0, index + 1).filter(record => record.id === id)
      for (const record of mine) waiting.splice(waiting.indexOf(record), 1)
      const parts = mine.filter(({ type }) => type === STDOUT).map(({ content }) => content)
      return { document: Buffer.concat(parts).toString('latin1'), protocolStatus: mine.at(-1)?.content[4] ?? -1 }
    },
  }
}

/** One request on a connection of its own. */
export async function ask(where: string | number, query: string, body: Buffer | string = ''): Promise<string> {
  const wire = connect(where)
  wire.send(request(query, body))
  const { document } = await wire.reply()
  wire.socket.destroy()
  return document
}
