import type { Contestant, Group, Growth } from './result.ts'
import { summarize } from './statistics.ts'
import { figure } from './table.ts'

const WIDTH = 720
const LEFT = 20
const RIGHT = 60
const ROW = 46

/**
 * A line for each contestant on one scale from nought: a dot for each round, a bar to the median. An SVG element whose
 * colours are the page's.
 */
export function roundsPlot({ unit, contestants, title }: Group): string {
  const highest = Math.max(...contestants.flatMap(({ values }) => values))
  const height = contestants.length * ROW + 30
  const x = (value: number) => round(LEFT + (value / highest) * (WIDTH - LEFT - RIGHT))
  const grid = ticksTo(highest).map(
    value =>
      `<line class="grid" x1="${x(value)}" x2="${x(value)}" y1="4" y2="${height - 24}"/>` +
      `<text x="${x(value)}" y="${height - 8}" text-anchor="middle">${value.toLocaleString('en-US')}</text>`,
  )
  const rows = contestants.map((contestant, index) => roundsRow(contestant, index * ROW + 22, x, index === 0))
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title.en} / ${title.zh}, ${unit}">`,
    ...grid,
    ...rows,
    '</svg>',
  ].join('\n')
}

function roundsRow({ name, values }: Contestant, y: number, x: (value: number) => number, first: boolean): string {
  const { median } = summarize(values)
  const dots = values.map(value => `<circle cx="${x(value)}" cy="${y + 9}" r="3"/>`).join('')
  return (
    `<text class="name" x="${LEFT}" y="${y - 4}" lang="en">${name.en}</text>` +
    `<text class="name" x="${LEFT}" y="${y - 4}" lang="zh-CN">${name.zh}</text>` +
    `<rect class="${first ? 'baseline' : 'bar'}" x="${LEFT}" y="${y + 2}" width="${round(x(median) - LEFT)}" height="14"/>` +
    `${dots}<text class="median-name" x="${round(Math.max(x(median), ...values.map(x)) + 8)}" y="${y + 13}">${figure(median)}</text>`
  )
}

/** Megabytes over messages, from nought. */
export function growthPlot({ points }: Growth): string {
  const height = 240
  const last = points.at(-1)?.[0] ?? 1
  const highest = Math.max(...points.map(([, megabytes]) => megabytes)) * 1.15
  const x = (messages: number) => round(56 + (messages / last) * (WIDTH - 56 - RIGHT))
  const y = (megabytes: number) => round(height - 28 - (megabytes / highest) * (height - 40))
  const grid = ticksTo(highest).map(
    value =>
      `<line class="grid" x1="56" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text x="50" y="${y(value) + 4}" text-anchor="end">${value} MB</text>`,
  )
  const line = points.map(([messages, megabytes]) => `${x(messages)},${y(megabytes)}`).join(' ')
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Memory / 内存">`,
    ...grid,
    `<polyline class="growth" points="${line}"/>`,
    `<text x="56" y="${height - 8}">0</text>`,
    `<text x="${WIDTH - RIGHT}" y="${height - 8}" text-anchor="end">${last.toLocaleString('en-US')}</text>`,
    '</svg>',
  ].join('\n')
}

/** From nought in steps of 1, 2 or 5, or ten times as much or as little; some five of them. */
export function ticksTo(highest: number): readonly number[] {
  const decade = 10 ** Math.floor(Math.log10(highest))
  const step = [decade / 5, decade / 2, decade, decade * 2].find(size => highest / size <= 6) ?? decade
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => Number((index * step).toPrecision(3)))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
