/*
 * A QR code as ISO/IEC 18004 has it, in one size that fits every text that is needed here: version 5, error correction
 * level L, mask 0. So there is one block of code words, one alignment pattern, and the format bits are a constant.
 */

const SIZE = 37
const DATA_WORDS = 108
const CHECK_WORDS = 26
/** Level L and mask 0, with their own error correction and the mask of the standard. */
const FORMAT_BITS = 0b111011111000100
const ALIGNMENT_CENTRE = 30
const FINDERS = [
  [3, 3],
  [3, SIZE - 4],
  [SIZE - 4, 3],
] as const

/** Bytes of UTF-8 that fit. */
const QR_BYTES = 106

/** Rows of modules, true for a dark one, without the margin; what is behind 106 bytes of UTF-8 is cut off. */
export function qrCode(text: string): readonly (readonly boolean[])[] {
  const modules: (boolean | undefined)[][] = Array.from({ length: SIZE }, () => new Array(SIZE).fill(undefined))
  const set = (row: number, column: number, dark: boolean) => {
    const line = modules[row]
    if (line && column >= 0 && column < SIZE) line[column] = dark
  }
  drawPatterns(set)
  const bits = wordsOf(Buffer.from(text).subarray(0, QR_BYTES)).flatMap(word =>
    [7, 6, 5, 4, 3, 2, 1, 0].map(bit => ((word >> bit) & 1) === 1),
  )
  for (const [row, column] of path()) {
    if (modules[row]?.[column] === undefined) set(row, column, (bits.shift() ?? false) !== ((row + column) % 2 === 0))
  }
  return modules.map(line => line.map(dark => dark === true))
}

type SetModule = (row: number, column: number, dark: boolean) => void

function drawPatterns(set: SetModule): void {
  for (let at = 0; at < SIZE; at++) {
    set(6, at, at % 2 === 0)
    set(at, 6, at % 2 === 0)
  }
  for (const [row, column] of FINDERS) drawSquares(set, row, column, 4, [true, true, false, true, false])
  drawSquares(set, ALIGNMENT_CENTRE, ALIGNMENT_CENTRE, 2, [true, false, true])
  for (let bit = 0; bit < 15; bit++) {
    const dark = ((FORMAT_BITS >> bit) & 1) === 1
    // Beside the upper left finder, round the corner and past the timing patterns …
    const [row, column] = bit < 6 ? [bit, 8] : bit < 8 ? [bit + 1, 8] : bit === 8 ? [8, 7] : [8, 14 - bit]
    set(row, column, dark)
    // … and again, shared between the other two.
    if (bit < 8) set(8, SIZE - 1 - bit, dark)
    else set(SIZE - 15 + bit, 8, dark)
  }
  set(SIZE - 8, 8, true)
}

/** Squares inside one another, by their distance from the centre. */
function drawSquares(set: SetModule, row: number, column: number, reach: number, dark: readonly boolean[]): void {
  for (let down = -reach; down <= reach; down++) {
    for (let right = -reach; right <= reach; right++) {
      if (row + down < 0 || row + down >= SIZE) continue
      set(row + down, column + right, dark[Math.max(Math.abs(down), Math.abs(right))] === true)
    }
  }
}

/** Pairs of columns from the right, up and down in turn, past the timing pattern. */
function* path(): Generator<readonly [number, number]> {
  let up = true
  for (let right = SIZE - 1; right > 0; right -= 2) {
    if (right === 6) right--
    for (let step = 0; step < SIZE; step++) {
      const row = up ? SIZE - 1 - step : step
      yield [row, right]
      yield [row, right - 1]
    }
    up = !up
  }
}

/** Byte mode, the length, the bytes, padding, and the error correction. */
function wordsOf(bytes: Buffer): number[] {
  const hex = `4${bytes.length.toString(16).padStart(2, '0')}${bytes.toString('hex')}0`
  const words = [...Buffer.from(hex, 'hex')]
  for (let pad = 0xec; words.length < DATA_WORDS; pad ^= 0xec ^ 0x11) words.push(pad)
  return [...words, ...checkWords(words)]
}

/** The remainder of Reed and Solomon's division in GF(256). */
function checkWords(words: readonly number[]): number[] {
  let generator = [1]
  for (let degree = 0, root = 1; degree < CHECK_WORDS; degree++, root = multiply(root, 2)) {
    const shifted = [...generator, 0]
    generator = shifted.map((factor, index) => factor ^ multiply(generator[index - 1] ?? 0, root))
  }
  const rest = [...words, ...new Array<number>(CHECK_WORDS).fill(0)]
  for (let index = 0; index < words.length; index++) {
    const factor = rest[index] ?? 0
    for (const [offset, term] of generator.entries())
      rest[index + offset] = (rest[index + offset] ?? 0) ^ multiply(term, factor)
  }
  return rest.slice(words.length)
}

/** In GF(256) with the polynomial x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(one: number, other: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ (product >> 7 ? 0x11d : 0)
    if ((other >> bit) & 1) product ^= one
  }
  return product
}
