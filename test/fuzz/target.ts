/** Something that takes bytes from outside. */
export interface Target {
  readonly name: string
  /** What mutations begin with. */
  readonly seeds: readonly Buffer[]
  /** Words of its language. */
  readonly words: readonly string[]
  /** Asks it, and throws when it does what it does not promise. */
  check(input: Buffer): Promise<void> | void
}

/** @throws {Error} with this sentence, unless it is so */
export function promise(isSo: boolean, sentence: string): asserts isSo {
  if (!isSo) throw new Error(`not as promised: ${sentence}`)
}
