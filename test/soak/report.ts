import { percentile } from '../../src/simulator/conformance/percentile.ts'
import { STYLE } from '../../src/simulator/conformance/report-style.ts'
import type { Balance } from './ledger.ts'
import type { Fault, Sample } from './samples.ts'

export interface Soak {
  readonly milliseconds: number
  readonly sites: readonly { readonly name: string; readonly balance: Balance; readonly latencies: readonly Point[] }[]
  /** The processes that were looked at, by name. */
  readonly processes: Readonly<Record<string, readonly Sample[]>>
  readonly faults: readonly Fault[]
  readonly verdict: readonly { readonly holds: boolean; readonly sentence: string }[]
}

/** When, in milliseconds since the beginning, and how much. */
export interface Point {
  readonly at: number
  readonly value: number
}

const WIDTH = 720
const HEIGHT = 220
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 12, 16, 26]

/** One page that needs nothing else. */
export function renderSoak(soak: Soak): string {
  const { milliseconds, sites, processes, faults, verdict } = soak
  const memory = Object.values(processes).map(samples => samples.map(({ at, megabytes }) => ({ at, value: megabytes })))
  const files = Object.values(processes).map(samples =>
    samples.map(({ at, descriptors }) => ({ at, value: descriptors })),
  )
  const passed = verdict.every(({ holds }) => holds)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>weixin soak</title>
<style>${STYLE}
svg polyline { fill: none; stroke: var(--good); stroke-width: 1.5 }
svg polyline.s1 { stroke: var(--weak) }
svg .fault { fill: var(--bad); fill-opacity: .18 }
svg circle { fill-opacity: .35 }</style>
<main>
<h1>Soak</h1>
<p class="verdict ${passed ? 'passed' : 'failed'}">${passed ? 'Everything was answered' : 'Something is wrong'} in ${Math.round(milliseconds / 6000) / 10} minutes with ${faults.length} faults</p>
<h2>The books</h2>
<div class="table"><table><thead><tr><th></th><th class="number">messages</th><th class="number">answered at once</th><th class="number">with a later delivery</th><th class="number">sent afterwards</th><th class="number">without its store</th><th class="number">lost</th><th class="number">wrong</th><th class="number">run again, excused</th><th class="number">run twice</th><th class="number">p50 ms</th><th class="number">p99 ms</th></tr></thead><tbody>
${sites.map(siteRow).join('\n')}
</tbody></table></div>
<h2>What was to be proved</h2>
<div class="table"><table><tbody>
${verdict.map(({ holds, sentence }) => `<tr class="${holds ? 'passed' : 'failed'}"><td class="mark">${holds ? '✓' : '✗'}</td><td>${escapeHtml(sentence)}</td></tr>`).join('\n')}
</tbody></table></div>
<h2>Memory and descriptors of the services</h2>
<figure>${lines(memory, 'MB', milliseconds, faults)}<figcaption>Resident memory, ${Object.keys(processes).join(' and ')}; red: a fault</figcaption></figure>
<figure>${lines(files, '', milliseconds, faults)}<figcaption>Open descriptors</figcaption></figure>
<h2>Deliveries</h2>
${sites.map(({ name, latencies }) => `<figure>${dots(latencies, milliseconds, faults)}<figcaption>${escapeHtml(name)}: how long each delivery took; over 5 s WeChat asks again</figcaption></figure>`).join('\n')}
<h2>Faults</h2>
<div class="table"><table><tbody>
${faults.map(({ name, from, to }) => `<tr><td class="number">${Math.round(from / 1000)} s</td><td>${escapeHtml(name)}</td><td class="number">${Math.round((to - from) / 100) / 10} s</td></tr>`).join('\n')}
</tbody></table></div>
</main>
</html>
`
}

function siteRow({ name, balance, latencies }: Soak['sites'][number]): string {
  const { messages, answeredAtOnce, redelivered, sentLater, withoutStore, lost, wrong, takenOver, twice } = balance
  const values = latencies.map(({ value }) => value)
  const numbers = [
    messages,
    answeredAtOnce,
    redelivered,
    sentLater,
    withoutStore,
    lost.length,
    wrong.length,
    takenOver,
    twice.length,
  ]
  const times = [0.5, 0.99].map(share => Math.round(percentile(values, share)))
  return `<tr><td>${escapeHtml(name)}</td>${[...numbers, ...times].map(number => `<td class="number">${number}</td>`).join('')}</tr>`
}

function lines(series: readonly (readonly Point[])[], unit: string, width: number, faults: readonly Fault[]): string {
  const highest = 1.2 * Math.max(1, ...series.flat().map(({ value }) => value))
  const y = (value: number) => round(HEIGHT - BOTTOM - (value / highest) * (HEIGHT - TOP - BOTTOM))
  const step = 10 ** Math.floor(Math.log10(highest)) / 2
  const marks = Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step)
  return plot(
    width,
    faults,
    marks.map(mark => grid(y(mark), `${mark} ${unit}`)),
    series.map((points, index) => {
      const path = points.map(({ at, value }) => `${across(at, width)},${y(value)}`).join(' ')
      return `<polyline class="s${index}" points="${path}"/>`
    }),
  )
}

/** On a logarithmic scale, since what matters lies between one and five thousand. */
function dots(points: readonly Point[], width: number, faults: readonly Fault[]): string {
  const y = (value: number) => round(HEIGHT - BOTTOM - (Math.log10(Math.max(1, value)) / 4) * (HEIGHT - TOP - BOTTOM))
  return plot(
    width,
    faults,
    [1, 10, 100, 1000, 10_000].map(mark => grid(y(mark), `${mark} ms`)),
    [
      `<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(5000)}" y2="${y(5000)}"/>`,
      ...thinned(points).map(
        ({ at, value }) =>
          `<circle${value >= 5000 ? ' class="late"' : ''} cx="${across(at, width)}" cy="${y(value)}" r="2"/>`,
      ),
    ],
  )
}

/** A page with every delivery of eight hours could not be opened: the slow ones are all there. */
function thinned(points: readonly Point[]): readonly Point[] {
  const every = Math.ceil(points.length / 5000)
  return points.filter(({ value }, index) => index % every === 0 || value > 1000)
}

function plot(width: number, faults: readonly Fault[], ...parts: readonly (readonly string[])[]): string {
  const bands = faults.map(({ name, from, to }) => {
    const [left, right] = [across(from, width), across(to, width)]
    return `<rect class="fault" x="${left}" width="${Math.max(2, round(right - left))}" y="${TOP}" height="${HEIGHT - TOP - BOTTOM}"><title>${escapeHtml(name)}</title></rect>`
  })
  const ends = `<text x="${LEFT}" y="${HEIGHT - 6}">0</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${Math.round(width / 1000)} s</text>`
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">${[...bands, ...parts.flat(), ends].join('\n')}</svg>`
}

function grid(y: number, name: string): string {
  return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/><text x="${LEFT - 6}" y="${y + 4}" text-anchor="end">${name}</text>`
}

function across(at: number, width: number): number {
  return round(LEFT + (at / width) * (WIDTH - LEFT - RIGHT))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
