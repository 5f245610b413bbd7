import type { Ran } from './test-file.ts'

const KINDS = ['total', 'pass', 'fail', 'skip', 'todo'] as const

/** Puts what many test files have said together as tap does: subtests, and one line that counts all their assertions. */
export interface Report {
  add(name: string, ran: Ran): void
  comment(text: string): void
  /** Says why something was not run at all. */
  skip(name: string, reason: string): void
  /** @returns whether nothing failed */
  end(): boolean
}

export function createReport(print: (line: string) => void): Report {
  const counts = { total: 0, pass: 0, fail: 0, skip: 0, todo: 0 }
  let files = 0

  print('TAP version 14')
  return {
    add(name, { output, succeeded, milliseconds }) {
      const lines = output.replaceAll('\r\n', '\n').trimEnd().split('\n')
      const said = countsIn(lines)
      for (const kind of KINDS) counts[kind] += said[kind]
      // Nothing said is nothing tested, whatever the exit code; and a file may fail after it has counted.
      const passed = succeeded && said.total > 0
      if (!passed && said.fail === 0) for (const kind of ['total', 'fail'] as const) counts[kind]++
      print(`# Subtest: ${name}`)
      for (const line of lines) print(`    ${line}`)
      print(`${passed ? 'ok' : 'not ok'} ${++files} - ${name} # time=${milliseconds}ms`)
    },
    comment: text => print(`# ${text}`),
    skip(name, reason) {
      counts.total++
      counts.skip++
      print(`ok ${++files} - ${name} # SKIP ${reason}`)
    },
    end() {
      print(`1..${files}`)
      const shown = KINDS.filter(kind => kind === 'total' || counts[kind] > 0)
      print(`# { ${shown.map(kind => `${kind}: ${counts[kind]}`).join(', ')} }`)
      return counts.fail === 0
    },
  }
}

/** A test file ends with `# { total: 9, pass: 8, skip: 1 }`. */
function countsIn(lines: readonly string[]): Record<(typeof KINDS)[number], number> {
  const last = lines.findLast(line => line.startsWith('# { total: ')) ?? ''
  const count = (kind: string) => Number(new RegExp(`\\b${kind}: (\\d+)`).exec(last)?.[1] ?? 0)
  return { total: count('total'), pass: count('pass'), fail: count('fail'), skip: count('skip'), todo: count('todo') }
}
