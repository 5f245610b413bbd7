import type { Terminal } from './command.ts'

/** Cells from left to right. */
export type Row = readonly (string | number)[]

/** Prints rows in columns, or with `--json` the value that they were made of. */
export function printTable({ print }: Terminal, json: boolean, value: unknown, rows: readonly Row[]): void {
  if (json) {
    print(JSON.stringify(value, null, 2))
    return
  }
  const cells = rows.map(row => row.map(cell => printable(String(cell))))
  const widths = cells.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, widthOf(cell))),
    [],
  )
  for (const row of cells)
    print(
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

/** What a follower has written must not command the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
}

/** Chinese characters and emoji are two columns wide. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u

function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += WIDE.test(character) ? 2 : 1
  return width
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - widthOf(cell))
}
