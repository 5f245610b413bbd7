// The least that can be called FastCGI: no message is looked at, nothing is checked, nothing is kept.
import fs from 'node:fs'
import net from 'node:net'

const [, , socketFile = '', replyFile = ''] = process.argv
const [STDIN, STDOUT, END_REQUEST] = [5, 6, 3]
const reply = fs.readFileSync(replyFile)
const output = Buffer.concat([
  Buffer.from(`Status: 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ${reply.length}\r\n\r\n`),
  reply,
])

/** @param {number} id */
function answer(id) {
  return Buffer.concat([
    header(STDOUT, id, output.length),
    output,
    header(STDOUT, id, 0),
    header(END_REQUEST, id, 8),
    Buffer.alloc(8),
  ])
}

/** @param {number} type @param {number} id @param {number} length */
function header(type, id, length) {
  return Buffer.from([1, type, id >> 8, id & 255, length >> 8, length & 255, 0, 0])
}

net
  .createServer(socket => {
    /** @type {Buffer} */
    let rest = Buffer.alloc(0)
    socket.on('data', chunk => {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      while (rest.length >= 8) {
        const length = rest.readUInt16BE(4)
        const end = 8 + length + (rest[6] ?? 0)
        if (rest.length < end) return
        if (rest[1] === STDIN && length === 0) socket.write(answer(rest.readUInt16BE(2)))
        rest = rest.subarray(end)
      }
    })
    socket.on('error', () => {})
  })
  .listen(socketFile)
