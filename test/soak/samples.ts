import fs from 'node:fs'

/** One look at a process. */
export interface Sample {
  /** Milliseconds since the beginning. */
  readonly at: number
  readonly megabytes: number
  readonly descriptors: number
}

/** Something that was done to the deployment. */
export interface Fault {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** Undefined when the process has gone. */
export function look(pid: number, at: number): Sample | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return { at, megabytes: Number(kilobytes) / 1024, descriptors: fs.readdirSync(`/proc/${pid}/fd`).length }
  } catch {
    return undefined
  }
}

/** How much more there is in the last quarter than in the second one, by their medians. The first is for warming up. */
export function growth(values: readonly number[]): number {
  const quarter = Math.floor(values.length / 4)
  return median(values.slice(-quarter)) - median(values.slice(quarter, 2 * quarter))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
