import { ProtocolError } from './records.ts'

/** The names to decode, by their length in bytes: a name of another length is passed over undecoded. */
export type WantedNames = Readonly<Record<number, readonly string[]>>

export function wantedNames(names: readonly string[]): WantedNames {
  const byLength: Record<number, string[]> = {}
  for (const name of names) {
    const sameLength = byLength[name.length] ?? []
    byLength[name.length] = [...sameLength, name]
  }
  return byLength
}

/**
 * Reads name-value pairs (FastCGI 1.0 section 3.4) to their end and gives the wanted ones; the last of a name counts.
 *
 * @throws {ProtocolError} when a length says more than is there, a name is empty, or there are more than `limit` pairs.
 */
export function decodePairs(bytes: Buffer, wanted: WantedNames, limit: number): Record<string, string> {
  const values: Record<string, string> = {}
  let offset = 0
  const readLength = () => {
    const long = (bytes[offset] ?? 0) > 127
    const end = offset + (long ? 4 : 1)
    if (end > bytes.length) throw malformed()
    const length = long ? bytes.readUInt32BE(offset) & 0x7fffffff : (bytes[offset] ?? 0)
    offset = end
    return length
  }
  for (let count = 0; offset < bytes.length; count++) {
    if (count === limit) throw new ProtocolError(`more than ${limit} name-value pairs`)
    const nameLength = readLength()
    const valueLength = readLength()
    const valueStart = offset + nameLength
    const valueEnd = valueStart + valueLength
    if (nameLength === 0 || valueEnd > bytes.length) throw malformed()
    const names = wanted[nameLength]
    if (names !== undefined) {
      const name = bytes.toString('latin1', offset, valueStart)
      if (names.includes(name)) values[name] = bytes.toString('utf8', valueStart, valueEnd)
    }
    offset = valueEnd
  }
  return values
}

function malformed(): ProtocolError {
  return new ProtocolError('name-value pairs that do not add up')
}

/** The reverse; names and values up to 127 bytes, which is all this side ever has to send. */
export function encodePairs(values: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(values).map(([name, value]) =>
    Buffer.concat([Buffer.of(Buffer.byteLength(name), Buffer.byteLength(value)), Buffer.from(name + value)]),
  )
  return Buffer.concat(pairs)
}
