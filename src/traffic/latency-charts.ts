import { duration } from './figures.ts'
import { type Day, PATIENCE, percentile } from './statistics.ts'

const WIDTH = 720
const HEIGHT = 250
const LEFT = 88
const RIGHT = 48
const TOP = 50
const BOTTOM = 34
/** As wide as half of each of two labels. */
const LABEL = 70

/** Milliseconds; each decade in steps that are alike on a logarithmic scale. */
const EDGES = [0.1, 1, 10, 100, 1000, 10_000]
  .flatMap(decade => [1, 1.5, 2, 3, 5, 7].map(step => decade * step))
  .filter(edge => edge <= 30_000)
const DECADES = [0.1, 1, 10, 100, 1000, 10_000]

/** How many answers took how long: a bar for each span on a logarithmic scale, and the line at which WeChat hangs up. */
export function latencyHistogram(sorted: readonly number[]): string {
  // Whatever is quicker or slower than the scale belongs to its ends.
  const counts = Array<number>(EDGES.length - 1).fill(0)
  for (const ms of sorted) {
    const edge = EDGES.findLastIndex(each => each < ms)
    const bar = Math.min(Math.max(0, edge), counts.length - 1)
    counts[bar] = (counts[bar] ?? 0) + 1
  }
  const first = Math.max(0, counts.findIndex(Boolean) - 3)
  const begin = EDGES[first] ?? 0.1
  const end = 30_000
  const x = scale(begin, end, LEFT, WIDTH - RIGHT)
  const most = Math.max(...counts)
  const bars = counts.map((count, index) => {
    if (count === 0) return ''
    const [low = 0, high = end] = [EDGES[index], EDGES[index + 1]]
    const height = Math.max(2, Math.sqrt(count / most) * (HEIGHT - TOP - BOTTOM))
    return `<rect class="${low >= PATIENCE ? 'late' : 'bar'}" x="${round(x(low) + 1)}" y="${round(HEIGHT - BOTTOM - height)}" width="${round(x(high) - x(low) - 2)}" height="${round(height)}" rx="2"><title>${duration(low)} – ${duration(high)}: ${count}</title></rect>`
  })
  const ticks = DECADES.filter(decade => decade >= begin).map(
    decade =>
      `<text x="${x(decade)}" y="${HEIGHT - 10}" text-anchor="middle">${duration(decade).replace('.0', '')}</text>`,
  )
  const limit = round(x(PATIENCE))
  const at95 = round(x(Math.max(begin, percentile(sorted, 0.95))))
  // Side by side, p95 and the limit would be written over one another.
  const [markSide, limitSide] = sidesOf(at95 - limit)
  const marks = [0.5, 0.95].map((share, index) => {
    const ms = percentile(sorted, share)
    const at = round(x(Math.max(begin, ms)))
    return `<line class="mark" x1="${at}" x2="${at}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>
<text class="mark-name" x="${at}" y="${index === 0 ? 19 : 43}" text-anchor="${index === 0 ? 'middle' : markSide}">p${share * 100} ${duration(ms)}</text>`
  })
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="p50 ${duration(percentile(sorted, 0.5))}, p95 ${duration(percentile(sorted, 0.95))}, max ${duration(sorted.at(-1) ?? 0)}">
<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}"/>
${bars.join('\n')}
${marks.join('\n')}
<line class="limit" x1="${limit}" x2="${limit}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>
<text class="limit-name" x="${limit}" y="${TOP - 7}" text-anchor="${limitSide}">5 s</text>
${ticks.join('')}
</svg>`
}

/** How two labels stand to their lines, by how far the one line is to the right of the other. */
function sidesOf(apart: number): readonly [one: string, other: string] {
  if (Math.abs(apart) > LABEL) return ['middle', 'middle']
  return apart < 0 ? ['end', 'start'] : ['start', 'end']
}

/** For each day, from what half of the answers took to what 95 of 100 did, and the slowest as a dot. */
export function latencyByDay(days: readonly Day[]): string {
  const lowest = Math.min(...days.flatMap(({ latencies }) => latencies.slice(0, 1)), 10)
  const highest = Math.max(8000, ...days.map(({ latencies }) => latencies.at(-1) ?? 0)) * 1.2
  const begin = Math.max(0.1, lowest / 1.5)
  const y = scale(begin, highest, HEIGHT - BOTTOM, TOP)
  const step = (WIDTH - LEFT - RIGHT) / days.length
  const width = Math.max(2, Math.min(14, step * 0.6))
  const columns = days.map(({ date, latencies }, index) => {
    if (latencies.length === 0) return ''
    const middle = LEFT + (index + 0.5) * step
    const [median, most, slowest] = [0.5, 0.95, 1].map(share => Math.max(begin, percentile(latencies, share))) as [
      number,
      number,
      number,
    ]
    const [bottom, top] = [y(median), y(most)]
    return `<g><title>${date}: p50 ${duration(median)}, p95 ${duration(most)}, max ${duration(slowest)}</title>
<rect class="${most > PATIENCE ? 'late' : 'bar'}" x="${round(middle - width / 2)}" y="${round(top)}" width="${round(width)}" height="${round(Math.max(3, bottom - top))}" rx="2"/>
<circle class="${slowest > PATIENCE ? 'late' : 'bar'}" cx="${round(middle)}" cy="${round(y(slowest))}" r="3"/></g>`
  })
  const grid = DECADES.filter(decade => decade >= begin && decade <= highest).map(
    decade => `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(decade))}" y2="${round(y(decade))}"/>
<text x="${LEFT - 8}" y="${round(y(decade) + 4)}" text-anchor="end">${duration(decade).replace('.0', '')}</text>`,
  )
  const limit = round(y(PATIENCE))
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="p50, p95, max / ${days.length}">
${grid.join('\n')}
<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${limit}" y2="${limit}"/>
<text class="limit-name" x="${WIDTH - RIGHT + 8}" y="${limit + 5}">5 s</text>
${columns.join('\n')}
<text x="${LEFT}" y="${HEIGHT - 10}">${days[0]?.date.slice(5)}</text>
<text x="${WIDTH - RIGHT}" y="${HEIGHT - 10}" text-anchor="end">${days.at(-1)?.date.slice(5)}</text>
</svg>`
}

/** From milliseconds to a place, logarithmically. */
function scale(low: number, high: number, start: number, end: number): (ms: number) => number {
  return ms => round(start + (Math.log(ms / low) / Math.log(high / low)) * (end - start))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
