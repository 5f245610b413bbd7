import type { Bilingual, Language } from '../../errors.ts'
import type { Translate } from './language.ts'

/** What a command may touch of the world around it. */
export interface Terminal {
  /** The project's folder. */
  readonly directory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly language: Language
  /** Whether `--lang` or `WEIXIN_LANG` asked for it. */
  readonly languageNamed: boolean
  /** Picks the sentence in the reader's language. */
  readonly say: Translate
  /** Whether what is printed may have colours: a person at a terminal reads it, who has not set `NO_COLOR`. */
  readonly isColourful: boolean
  print(line: string): void
  printError(line: string): void
  /** Overwrites the last line of the error output, which an empty text clears; nothing where that is no terminal. */
  overwrite(text: string): void
  /** Asks the person at the keyboard; undefined when there is none. With `hidden` the answer is not shown. */
  ask(question: string, options?: { readonly hidden?: boolean }): Promise<string | undefined>
  /** Resolves once the user, the system or a process manager asks to stop (Ctrl-C, SIGTERM, the message `shutdown`). */
  stopRequested(): Promise<void>
}

/** One word after `weixin`. */
export interface Command {
  readonly summary: Bilingual
  readonly usage: Bilingual
  /** @returns the exit code: 0 done, 1 it went wrong, 2 the words were wrong */
  run(words: string[], terminal: Terminal): Promise<number>
}
