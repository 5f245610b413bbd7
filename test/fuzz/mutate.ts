import type { Random } from './random.ts'

/** What no input grows beyond: twice the largest body. */
const LONGEST = 131_072

/** Bytes at which programs tend to go wrong. */
const EDGES = [0, 1, 0x20, 0x22, 0x25, 0x26, 0x3c, 0x5c, 0x7f, 0x80, 0xc0, 0xed, 0xfe, 0xff]

/** One to five changes: bytes, words of the target's language, pieces left out, doubled, moved or taken from another seed. */
export function mutate(input: Buffer, words: readonly string[], others: readonly Buffer[], random: Random): Buffer {
  let mutated = input
  for (let changes = 1 + random.below(5); changes > 0; changes--) mutated = change(mutated, words, others, random)
  return mutated.subarray(0, LONGEST)
}

function change(input: Buffer, words: readonly string[], others: readonly Buffer[], random: Random): Buffer {
  const [from = 0, to = 0] = [random.below(input.length + 1), random.below(input.length + 1)].sort((a, b) => a - b)
  const [before, piece, after] = [input.subarray(0, from), input.subarray(from, to), input.subarray(to)]
  const word = Buffer.from(random.one(words, ''))
  switch (random.below(10)) {
    case 0:
      return Buffer.concat([before, after])
    case 1:
      return Buffer.concat([before, piece, piece, after])
    case 2:
      return Buffer.concat([piece, before, after])
    case 3:
      return Buffer.concat([before, word, input.subarray(from)])
    case 4:
      return Buffer.concat([before, word, after])
    case 5:
      return Buffer.concat([before, slice(random.one(others, input), random), input.subarray(from)])
    case 6:
      return Buffer.concat([before, ...Array.from({ length: 1 << random.below(11) }, () => word), input.subarray(from)])
    case 7:
      return before
    default:
      return withByte(input, from, random.below(2) === 0 ? random.one(EDGES, 0) : random.below(256))
  }
}

function slice(bytes: Buffer, random: Random): Buffer {
  const start = random.below(bytes.length)
  return bytes.subarray(start, start + random.below(64))
}

function withByte(input: Buffer, at: number, byte: number): Buffer {
  return Buffer.concat([input.subarray(0, at), Buffer.of(byte), input.subarray(at + 1)])
}
