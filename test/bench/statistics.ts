/** The least, the middle and the greatest of some values. */
export interface Summary {
  readonly min: number
  readonly median: number
  readonly max: number
}

/** All three are NaN of no values. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const median = ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
  return { min: sorted[0] ?? Number.NaN, median, max: sorted.at(-1) ?? Number.NaN }
}

/**
 * Each value by the baseline's of the same round: what disturbed the machine in that round disturbed both.
 *
 * @param baseline one value a round, as `values`
 */
export function ratios(values: readonly number[], baseline: readonly number[]): readonly number[] {
  return values.slice(0, baseline.length).map((value, round) => value / (baseline[round] ?? Number.NaN))
}

/** How much y grows with each x, by least squares; 0 of fewer than two points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [meanX, meanY] = [mean(0), mean(1)]
  let [above, below] = [0, 0]
  for (const [x, y] of points) {
    above += (x - meanX) * (y - meanY)
    below += (x - meanX) ** 2
  }
  return below === 0 ? 0 : above / below
}
