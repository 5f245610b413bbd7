import type { Group, Growth, Machine } from './result.ts'
import { ratios, summarize } from './statistics.ts'

/** What a group's table says of one contestant: ratio (min–max), and min, median and max in the group's unit. */
export interface TableRow {
  readonly ratio: string
  readonly spread: string
  readonly min: string
  readonly median: string
  readonly max: string
}

export function tableRow(values: readonly number[], baseline: readonly number[]): TableRow {
  const ratio = summarize(ratios(values, baseline))
  const { min, median, max } = summarize(values)
  return {
    ratio: ratio.median.toFixed(2),
    spread: `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
    min: figure(min),
    median: figure(median),
    max: figure(max),
  }
}

/** A group as text for a terminal. */
export function renderTable({ title, unit, contestants }: Group): string {
  const baseline = contestants[0]?.values ?? []
  const head = [`${title.en}, ${unit}`, 'ratio', 'min–max', 'min', 'median', 'max']
  const rows = contestants.map(({ name, values }) => {
    const { ratio, spread, min, median, max } = tableRow(values, baseline)
    return [`  ${name.en}`, ratio, spread, min, median, max]
  })
  return columns([head, ...rows])
}

export function renderGrowth({ points, slope }: Growth): string {
  const [first, last] = [points[0], points.at(-1)]
  const all = summarize(points.map(([, megabytes]) => megabytes))
  return [
    `Memory of a FastCGI process, MB: ${first?.[1].toFixed(1)} at first, ${last?.[1].toFixed(1)} after ${last?.[0]} messages,`,
    `  ${all.max.toFixed(1)} at the most; ${slope.toFixed(2)} more with each 100 000 messages of the second half`,
  ].join('\n')
}

export function renderMachine({ date, command, processor, cores, system, versions, load }: Machine): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `${date}  ${command}`,
    `${cores} × ${processor}, ${system}; load ${load[0]} before, ${load[1]} after`,
    programs.join(', '),
  ].join('\n')
}

/** Three digits that count. */
export function figure(value: number): string {
  if (value >= 100) return String(Math.round(value))
  return value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3)
}

/** The first column to the left, figures to the right. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  )
  return rows.map(row => row.map((cell, column) => pad(cell, widths[column] ?? 0, column === 0)).join('  ')).join('\n')
}

function pad(cell: string, width: number, left: boolean): string {
  return left ? cell.padEnd(width) : cell.padStart(width)
}
