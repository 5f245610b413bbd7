/** One line of an Apache configuration, or the first line of a section. */
export interface Directive {
  /** In small letters: names are case-insensitive. */
  readonly name: string
  /** Without their quotes; `${NAME}` is not filled in yet. */
  readonly words: readonly string[]
  /** From 1. */
  readonly line: number
  /** `<Name …>` opens, `</Name>` closes a section. */
  readonly kind: 'plain' | 'open' | 'close'
}

/** The directives of one file's text, comments and continued lines resolved ("Configuration Files", Apache 2.4). */
export function parseDirectives(text: string): Directive[] {
  const directives: Directive[] = []
  const lines = text.split(/\r?\n/)
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1
    let written = lines[index] ?? ''
    while (written.endsWith('\\') && index + 1 < lines.length) written = written.slice(0, -1) + (lines[++index] ?? '')
    const directive = parseLine(written.trim(), line)
    if (directive) directives.push(directive)
  }
  return directives
}

function parseLine(text: string, line: number): Directive | undefined {
  if (text === '' || text.startsWith('#')) return undefined
  const kind = text.startsWith('</') ? 'close' : text.startsWith('<') ? 'open' : 'plain'
  const inner = kind === 'plain' ? text : text.replace(/^<\/?/, '').replace(/>$/, '')
  const [name = '', ...words] = splitWords(inner)
  return { name: name.toLowerCase(), words, line, kind }
}

/** Double and single quotes hold a word together, in which `\"` is a quote; any other backslash stands for itself. */
function splitWords(text: string): string[] {
  const words: string[] = []
  for (const [whole, double, single] of text.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\S+/g)) {
    const quoted = double ?? single
    words.push(quoted === undefined ? whole : quoted.replace(/\\(["'])/g, '$1'))
  }
  return words
}
