import type { Terminal } from '../../src/cli/terminal/command.ts'
import type { Language } from '../../src/errors.ts'

export interface FakeTerminal extends Terminal {
  /** What was printed, on the standard output and on the error output. */
  readonly out: string[]
  readonly err: string[]
  /** The questions that were asked, with a star before those whose answer is not shown. */
  readonly asked: string[]
}

/** A terminal at which these answers are given, in this order; without answers nobody is there. */
export function fakeTerminal(directory: string, answers?: readonly string[], language: Language = 'en'): FakeTerminal {
  const [out, err, asked]: [string[], string[], string[]] = [[], [], []]
  const left = [...(answers ?? [])]
  return {
    out,
    err,
    asked,
    directory,
    environment: {},
    language,
    languageNamed: false,
    isColourful: false,
    say: text => text[language],
    print: line => void out.push(line),
    printError: line => void err.push(line),
    overwrite: () => {},
    ask: async (question, { hidden = false } = {}) => {
      asked.push(`${hidden ? '*' : ''}${question}`)
      return left.shift()
    },
    stopRequested: () => Promise.resolve(),
  }
}
