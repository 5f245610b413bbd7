import type { Test } from 'tap'
import type { Answer } from '../../src/dispatch/handler.ts'
import { ConfigError } from '../../src/errors.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { rulesHandler } from '../../src/rules/handler.ts'
import { parseRules } from '../../src/rules/parse.ts'
import { contextOf } from '../dispatch/incoming.ts'

/** What these rules, as they are written down, answer; `'passed on'` when none of them does. */
export async function answerTo(written: unknown, message: IncomingMessage, random = () => 0): Promise<Answer> {
  const rules = parseRules(written)
  const handler = rulesHandler({ rules: async () => rules, random })
  return handler(contextOf(message), async () => 'passed on')
}

/** Checks whether one condition lets messages through. */
export async function lets(
  t: Test,
  when: unknown,
  messages: Readonly<Record<string, IncomingMessage>>,
  expected: readonly string[],
): Promise<void> {
  const through: string[] = []
  for (const [name, message] of Object.entries(messages)) {
    const answer = await answerTo([{ when, reply: 'yes' }], message)
    if (answer !== 'passed on') through.push(name)
  }
  t.strictSame(through, expected, JSON.stringify(when))
}

/** The mistake in rules, as they are written down. */
export function mistakeIn(written: unknown, path?: readonly string[]): ConfigError {
  try {
    parseRules(written, path)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the rules were accepted')
}
