import type { Bilingual } from '../errors.ts'
import { both, escapeHtml } from '../html.ts'
import { grouped } from './figures.ts'
import type { Day } from './statistics.ts'

/** Rows that are looked at at once; where there are more days, each row is a week. */
const MOST_ROWS = 62

interface Row {
  readonly label: string
  readonly hours: readonly number[]
  readonly total: number
  readonly isWeekend: boolean
}

/** One cell for each hour of each day, the more the darker; each day's sum beside it, and each hour's below. */
export function heatMap(days: readonly Day[]): string {
  const isWeekly = days.length > MOST_ROWS
  const rows = isWeekly ? weeksOf(days) : days.map(rowOf)
  const most = Math.max(1, ...rows.flatMap(({ hours }) => hours))
  const mostInRow = Math.max(1, ...rows.map(({ total }) => total))
  const byHour = Array.from({ length: 24 }, (_, hour) => rows.reduce((sum, { hours }) => sum + (hours[hour] ?? 0), 0))
  const mostInHour = Math.max(1, ...byHour)
  const axis = byHour.map((_, hour) => `<b>${hour % 3 === 0 ? hour : ''}</b>`).join('')
  return `<div class="heat" role="img" aria-label="${escapeHtml(summary(byHour))}">
<span></span>${axis}<span></span>
${rows.map(row => rowCells(row, most, mostInRow)).join('\n')}
<span class="day"></span>${byHour.map((count, hour) => `<u style="--v:${share(count, mostInHour)}" title="${hour}:00 · ${count}"></u>`).join('')}<span></span>
</div>
<p class="scale">${both({ en: 'none', zh: '无' })} ${[0, 0.25, 0.5, 0.75, 1].map(value => `<i style="--v:${value}"></i>`).join('')} ${grouped(most)} ${both(isWeekly ? PER_HOUR_OF_WEEK : PER_HOUR)}</p>`
}

const PER_HOUR: Bilingual = { en: 'messages in an hour', zh: '条消息 / 小时' }
const PER_HOUR_OF_WEEK: Bilingual = {
  en: 'messages in this hour of all days of a week',
  zh: '条消息（一周内该小时合计）',
}

function rowCells({ label, hours, total, isWeekend }: Row, most: number, mostInRow: number): string {
  const cells = hours.map(
    (count, hour) => `<i style="--v:${share(count, most)}" title="${label} ${hour}:00 · ${count}"></i>`,
  )
  const sum = `<span class="sum" style="--v:${share(total, mostInRow, 1)}">${total > 0 ? grouped(total) : ''}</span>`
  return `<span class="day${isWeekend ? ' weekend' : ''}">${label}</span>${cells.join('')}${sum}`
}

function rowOf({ date, hours, total }: Day): Row {
  const weekday = new Date(`${date}T12:00`).getDay()
  return { label: date.slice(5), hours, total, isWeekend: weekday === 0 || weekday === 6 }
}

function weeksOf(days: readonly Day[]): Row[] {
  const weeks = []
  for (let start = 0; start < days.length; start += 7) {
    const week = days.slice(start, start + 7)
    const hours = Array.from({ length: 24 }, (_, hour) => week.reduce((sum, day) => sum + (day.hours[hour] ?? 0), 0))
    const total = week.reduce((sum, day) => sum + day.total, 0)
    weeks.push({ label: week[0]?.date.slice(2) ?? '', hours, total, isWeekend: false })
  }
  return weeks
}

/** A few messages are to be told from none, and a busy hour from a busier one: by the root. */
function share(count: number, most: number, power = 0.5): number {
  return Math.round((count / most) ** power * 100) / 100
}

function summary(byHour: readonly number[]): string {
  const busiest = byHour.indexOf(Math.max(...byHour))
  return `Messages by day and hour; the busiest hour begins at ${busiest}:00 / 每天每小时的消息量；最忙的时段从 ${busiest}:00 开始`
}
