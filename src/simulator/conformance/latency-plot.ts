import { percentile } from './percentile.ts'

const WIDTH = 720
const HEIGHT = 260
const LEFT = 92
const RIGHT = 12
const TOP = 24
const BOTTOM = 28

/**
 * One dot for each message in the order in which they were sent, on a logarithmic scale of milliseconds, since what
 * matters lies between one and five thousand; with the median, and the limit at which the platform hangs up. An SVG
 * element whose colours are the page's.
 *
 * @param latencies milliseconds, at least one
 * @param patience milliseconds
 */
export function latencyPlot(latencies: readonly number[], patience: number): string {
  const decades = [1, 10, 100, 1000, 10000]
  const highest = Math.max(patience, ...latencies) * 1.3
  const lowest = Math.min(1, ...latencies.filter(value => value > 0))
  const y = (value: number) => {
    const share = Math.log(Math.max(value, lowest) / lowest) / Math.log(highest / lowest)
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM))
  }
  const x = (index: number) => round(LEFT + ((index + 0.5) / latencies.length) * (WIDTH - LEFT - RIGHT))
  const median = percentile(latencies, 0.5)
  const across = (value: number, kind: string) =>
    `<line class="${kind}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/>`
  const named = (value: number, name: string, kind: string) =>
    `<text class="${kind}" x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${name}</text>`
  const grid = decades
    .filter(decade => decade < highest && decade >= lowest)
    .map(decade => across(decade, 'grid') + named(decade, `${decade} ms`, 'scale'))
  const dots = latencies.map(
    (value, index) =>
      `<circle${value > patience ? ' class="late"' : ''} cx="${x(index)}" cy="${y(value)}" r="4"><title>${index + 1}: ${round(value)} ms</title></circle>`,
  )
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Latency / 应答时间: ${Math.round(median)} ms">`,
    ...grid,
    across(patience, 'limit'),
    `<text class="limit-name" x="${WIDTH - RIGHT}" y="${y(patience) - 5}" text-anchor="end">${patience / 1000} s</text>`,
    across(median, 'median'),
    ...dots,
    `<text class="median-name" x="${WIDTH - RIGHT}" y="${y(median) - 8}" text-anchor="end">p50 ${Math.round(median)} ms</text>`,
    `<text x="${LEFT}" y="${HEIGHT - 6}">1</text>`,
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${latencies.length}</text>`,
    '</svg>',
  ].join('\n')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
