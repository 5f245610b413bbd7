import type { Bilingual } from '../../src/errors.ts'

/** One of those who are compared, and what was measured in each round. */
export interface Contestant {
  readonly name: Bilingual
  /** One a round, in the unit of its group. */
  readonly values: readonly number[]
}

/** What was measured side by side. */
export interface Group {
  readonly id: string
  readonly title: Bilingual
  readonly unit: 'ms' | 'µs' | 'req/s' | 'MB'
  /** The ratios are to the first one. */
  readonly contestants: readonly Contestant[]
  /** What has to be known to read the figures. */
  readonly remark: Bilingual
}

/** Memory while messages are answered. */
export interface Growth {
  /** Messages answered until then, and megabytes. */
  readonly points: readonly (readonly [messages: number, megabytes: number])[]
  /** Megabytes with each 100 000 messages, over the second half. */
  readonly slope: number
}

export interface Machine {
  readonly date: string
  readonly command: string
  readonly processor: string
  readonly cores: number
  readonly system: string
  /** Programs and their versions. */
  readonly versions: Readonly<Record<string, string>>
  /** How many processes wanted to run, before and after. */
  readonly load: readonly [before: number, after: number]
}

/** A whole run. */
export interface Report {
  readonly machine: Machine
  readonly groups: readonly Group[]
  readonly growth: Growth | undefined
  /** What was not measured, and why. */
  readonly leftOut: readonly Bilingual[]
  readonly failures: readonly string[]
}
