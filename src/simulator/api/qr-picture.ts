import { crc32, deflateSync } from 'node:zlib'
import { qrCode } from './qr-code.ts'

/** Modules of margin, and pixels of a module. */
const MARGIN = 4
const SCALE = 10

/** A QR code as a PNG of one bit a pixel. */
export function qrPicture(text: string): Buffer {
  const modules = qrCode(text)
  const size = (modules.length + 2 * MARGIN) * SCALE
  const lines = Array.from({ length: size }, (_, y) => {
    const row = modules[Math.floor(y / SCALE) - MARGIN] ?? []
    // Each line begins with its filter, none.
    const line = Buffer.alloc(1 + Math.ceil(size / 8))
    for (let x = 0; x < size; x++) {
      const light = !row[Math.floor(x / SCALE) - MARGIN]
      if (light) line[1 + (x >> 3)] = (line[1 + (x >> 3)] ?? 0) | (0x80 >> (x & 7))
    }
    return line
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header[8] = 1
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)])
}
