import { Connection, type ConnectionOwner } from '../../../src/gateway/fastcgi/connection.ts'
import { DEFAULT_LIMITS } from '../../../src/gateway/fastcgi/limits.ts'
import { plainResponse, respond } from '../../../src/gateway/response.ts'
import { ABORT, END, GET_VALUES, pairs, record, request, STDOUT } from '../../gateway/fastcgi/client.ts'
import { createRandom } from '../random.ts'
import { promise, type Target } from '../target.ts'

/** FastCGI sessions. Whatever comes in, what goes out is whole records, and the connection ends when its peer does. */
export const records: Target = {
  name: 'records',
  seeds: [
    request('first', 'body'),
    Buffer.concat([request('kept', 'b'.repeat(300), { keep: true }), request('last')]),
    Buffer.concat([
      request('one', 'body', { id: 1, keep: true }),
      request('two', '', { id: 2, keep: true }),
      record(ABORT, 2),
    ]),
    record(GET_VALUES, 0, pairs({ FCGI_MPXS_CONNS: '', FCGI_MAX_REQS: '' })),
  ],
  words: [
    '\x01\x01\0\x01\0\x08\0\0',
    '\x01\x02\0\x01\0\0\0\0',
    '\x01\x04\0\x01\0\0\0\0',
    '\x01\x05\0\x01\0\0\0\0',
    '\x01\x09\0\0\0\0\0\0',
  ].concat([
    '\x01\x0c\0\0\0\0\0\0',
    '\0',
    '\x01',
    '\x7f',
    '\u0080',
    '\x08\x04REQUEST_METHODPOST',
    '\x0e\x01CONTENT_LENGTH9',
  ]),
  async check(input) {
    const clock = { now: 0 }
    const sent: Buffer[] = []
    const running: Promise<unknown>[] = []
    let finished = 0
    const owner: ConnectionOwner = {
      limits: DEFAULT_LIMITS,
      clock,
      send: bytes => sent.push(bytes),
      finish: () => finished++,
      answer({ request }) {
        const answer = respond(
          async () => plainResponse(200, request.query),
          request,
          () => {},
        )
        running.push(answer)
        return answer
      },
      late: () => Buffer.alloc(0),
      violation() {},
    }
    const connection = new Connection(owner)
    const random = createRandom(input.length)
    for (let start = 0; start < input.length; ) {
      const end = start + 1 + random.below(random.below(2) === 0 ? 16 : 65_536)
      connection.receive(Buffer.from(input.subarray(start, end)))
      start = end
    }
    await Promise.all(running)
    connection.peerEnded()
    clock.now = 1e9
    connection.tick()
    await Promise.all(running)
    connection.tick()
    promise(finished === 1, `the connection ends once, not ${finished} times`)
    checkRecords(Buffer.concat(sent))
  },
}

/** FastCGI 1.0 section 3.3, from the other side. */
function checkRecords(bytes: Buffer): void {
  let offset = 0
  while (offset < bytes.length) {
    promise(bytes.length - offset >= 8 && bytes[offset] === 1, 'records of version 1 go out')
    const type = bytes[offset + 1] ?? 0
    promise([END, STDOUT, 10, 11].includes(type), `no record of type ${type} goes out`)
    offset += 8 + bytes.readUInt16BE(offset + 4) + (bytes[offset + 6] ?? 0)
  }
  promise(offset === bytes.length, 'the last record is whole')
}
