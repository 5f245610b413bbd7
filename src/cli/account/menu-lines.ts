import { printable } from '../terminal/table.ts'
import { type Button, type ConditionalMenu, type Menus, subButtonsOf } from './menu-file.ts'

/** One line for each button, below the menu that it is in, so that people can read and compare menus. */
export function menuLines({ button, conditionalmenu }: Menus): string[] {
  return [
    ...(button.length > 0 ? ['button', ...buttonLines(button)] : []),
    ...conditionalmenu.flatMap(conditionalLines),
  ]
}

/** The same text for the same menu: what differs must be deleted and added, because WeChat edits none. */
export function conditionalLines({ button, matchrule }: ConditionalMenu): string[] {
  const rule = fieldsOf(matchrule, []).join(' ')
  return [`conditionalmenu ${rule}`, ...buttonLines(button)]
}

/** One line for each button, those below another one further in. */
export function buttonLines(buttons: readonly Button[]): string[] {
  return buttons.flatMap(button => [
    `  ${describe(button)}`,
    ...subButtonsOf(button).map(below => `    ${describe(below)}`),
  ])
}

function describe(button: Button): string {
  const fields = fieldsOf(button, ['name', 'sub_button'])
  return printable([JSON.stringify(button['name']), ...fields].join(' '))
}

/** By name, because WeChat gives them back in an order of its own; empty ones say nothing. */
function fieldsOf(values: Readonly<Record<string, unknown>>, without: readonly string[]): string[] {
  return Object.entries(values)
    .filter(([name, value]) => !without.includes(name) && value !== '' && value !== null && value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
}

/** Both texts as one: lines that go after `- `, lines that come after `+ `. None differ when every line begins with a blank. */
export function diffLines(before: readonly string[], after: readonly string[]): string[] {
  const common = commonLengths(before, after)
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push(`  ${before[i++]}`)
      j++
    } else if (j >= after.length || (i < before.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      lines.push(`- ${before[i++]}`)
    } else lines.push(`+ ${after[j++]}`)
  }
  return lines
}

/** How many lines the rests of both texts have in common, from each pair of lines on. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () => Array<number>(after.length + 1).fill(0))
  for (let i = before.length - 1; i >= 0; i--) {
    const [row = [], below = []] = [lengths[i], lengths[i + 1]]
    for (let j = after.length - 1; j >= 0; j--) {
      row[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return lengths
}
