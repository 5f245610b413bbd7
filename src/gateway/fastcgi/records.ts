/** FastCGI 1.0 section 8. */
export const TYPE = {
  beginRequest: 1,
  abortRequest: 2,
  endRequest: 3,
  params: 4,
  stdin: 5,
  stdout: 6,
  stderr: 7,
  data: 8,
  getValues: 9,
  getValuesResult: 10,
  unknownType: 11,
} as const

export const ROLE_RESPONDER = 1
export const KEEP_CONN = 1

/** `protocolStatus` of FCGI_END_REQUEST, FastCGI 1.0 section 5.5. */
export const STATUS = { requestComplete: 0, overloaded: 2, unknownRole: 3 } as const

const VERSION = 1
const HEADER = 8
const BEGIN_REQUEST = 8
const END_REQUEST = 8
/** The longest content of one record, bytes. */
export const LONGEST_CONTENT = 65535

const EMPTY = Buffer.alloc(0)

/** The peer broke the protocol in a way after which nothing it sends can be trusted. */
export class ProtocolError extends Error {
  override name = 'ProtocolError'
}

/** Takes one record; its content is `bytes` from `start` to `end`. */
export type RecordHandler = (type: number, id: number, bytes: Buffer, start: number, end: number) => void

/**
 * A function that takes a connection's bytes, however they are cut, and hands each whole record to `onRecord`.
 * Only a record that arrives in pieces is copied.
 *
 * @throws {ProtocolError} for a version other than 1 or the type 0; the reader is of no use then.
 */
export function createRecordReader(onRecord: RecordHandler): (chunk: Buffer) => void {
  let partial = EMPTY
  let filled = 0

  const fill = (chunk: Buffer, offset: number) => {
    const copied = chunk.copy(partial, filled, offset)
    filled += copied
    return offset + copied
  }
  const emit = (bytes: Buffer, start: number) => {
    const content = start + HEADER
    onRecord(bytes[start + 1] ?? 0, bytes.readUInt16BE(start + 2), bytes, content, content + contentSize(bytes, start))
  }

  return chunk => {
    let offset = 0
    while (filled > 0) {
      offset = fill(chunk, offset)
      if (filled < partial.length) return
      const size = recordSize(partial, 0)
      if (size > partial.length) {
        const header = partial
        partial = Buffer.allocUnsafe(size)
        header.copy(partial)
        continue
      }
      filled = 0
      emit(partial, 0)
    }
    while (chunk.length - offset >= HEADER) {
      const size = recordSize(chunk, offset)
      if (size > chunk.length - offset) break
      emit(chunk, offset)
      offset += size
    }
    if (offset === chunk.length) return
    partial = Buffer.allocUnsafe(chunk.length - offset < HEADER ? HEADER : recordSize(chunk, offset))
    fill(chunk, offset)
  }
}

function contentSize(bytes: Buffer, start: number): number {
  return bytes.readUInt16BE(start + 4)
}

function recordSize(bytes: Buffer, start: number): number {
  if (bytes[start] !== VERSION) throw new ProtocolError(`record of version ${bytes[start]}`)
  if (bytes[start + 1] === 0) throw new ProtocolError('record of type 0')
  return HEADER + contentSize(bytes, start) + (bytes[start + 6] ?? 0)
}

function writeHeader(target: Buffer, offset: number, type: number, id: number, length: number): number {
  target[offset] = VERSION
  target[offset + 1] = type
  target.writeUInt16BE(id, offset + 2)
  target.writeUInt16BE(length, offset + 4)
  target.writeUInt16BE(0, offset + 6)
  return offset + HEADER
}

function streamSize(length: number): number {
  return length + HEADER * (Math.ceil(length / LONGEST_CONTENT) + 1)
}

/** Writes `content` as records of one stream with the empty record that ends it. */
function writeStream(target: Buffer, offset: number, type: number, id: number, content: Buffer): number {
  for (let start = 0; start < content.length; start += LONGEST_CONTENT) {
    const length = Math.min(LONGEST_CONTENT, content.length - start)
    offset = writeHeader(target, offset, type, id, length)
    content.copy(target, offset, start, start + length)
    offset += length
  }
  return writeHeader(target, offset, type, id, 0)
}

function writeEnd(target: Buffer, offset: number, id: number, status: number): void {
  const content = writeHeader(target, offset, TYPE.endRequest, id, END_REQUEST)
  target.fill(0, content, content + END_REQUEST)
  target[content + 4] = status
}

/** A whole reply: `document` as FCGI_STDOUT, and FCGI_END_REQUEST. */
export function encodeReply(id: number, document: Buffer): Buffer {
  const reply = Buffer.allocUnsafe(streamSize(document.length) + HEADER + END_REQUEST)
  writeEnd(reply, writeStream(reply, 0, TYPE.stdout, id, document), id, STATUS.requestComplete)
  return reply
}

/** FCGI_END_REQUEST with `appStatus` 0. */
export function encodeEnd(id: number, status: number): Buffer {
  const record = Buffer.allocUnsafe(HEADER + END_REQUEST)
  writeEnd(record, 0, id, status)
  return record
}

/**
 * A whole request to a responder, as a web server that closes the connection afterwards sends it. Each of `params` is
 * whole pairs, 1 to `LONGEST_CONTENT` bytes, and becomes one record.
 */
export function encodeRequest(id: number, params: readonly Buffer[], body: Buffer): Buffer {
  const paramsSize = params.reduce((size, pairs) => size + HEADER + pairs.length, HEADER)
  const request = Buffer.alloc(HEADER + BEGIN_REQUEST + paramsSize + streamSize(body.length))
  let offset = writeHeader(request, 0, TYPE.beginRequest, id, BEGIN_REQUEST)
  request[offset + 1] = ROLE_RESPONDER
  offset += BEGIN_REQUEST
  for (const pairs of params) {
    offset = writeHeader(request, offset, TYPE.params, id, pairs.length)
    offset += pairs.copy(request, offset)
  }
  offset = writeHeader(request, offset, TYPE.params, id, 0)
  writeStream(request, offset, TYPE.stdin, id, body)
  return request
}

/** One management record (id 0) of up to 65535 bytes. */
export function encodeManagement(type: number, content: Buffer): Buffer {
  const record = Buffer.allocUnsafe(HEADER + content.length)
  content.copy(record, writeHeader(record, 0, type, 0, content.length))
  return record
}
