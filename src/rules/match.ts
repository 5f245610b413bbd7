import type { IncomingMessage } from '../message/types.ts'
import { withTimeLimit } from './time-limit.ts'
import type { Heard, Match, Rule } from './types.ts'

/** What all regular expressions together may take for one text, in milliseconds. */
const REGEX_TIME = 250

/** The rule that answers a message. */
export interface Found {
  readonly rule: Rule
  readonly match: Match
}

/**
 * The first rule that is for a message, and what matched.
 *
 * @throws {SlowRegexError} when the regular expressions take longer than 250 ms
 */
export function findRule(rules: readonly Rule[], message: IncomingMessage): Found | undefined {
  const heard = heardOf(message)
  const search = () => firstMatch(rules, heard)
  const hasRegex = heard.text !== undefined && rules.some(rule => rule.conditions.some(({ regex }) => regex))
  return hasRegex ? withTimeLimit(REGEX_TIME, search) : search()
}

function heardOf(message: IncomingMessage): Heard {
  if (message.kind !== 'text') return { message, text: undefined }
  const written = message.Content.trim()
  return { message, text: { written, lowerCase: written.toLowerCase() } }
}

function firstMatch(rules: readonly Rule[], heard: Heard): Found | undefined {
  for (const rule of rules) {
    for (const condition of rule.conditions) {
      const match = condition.match(heard)
      if (match) return { rule, match }
    }
  }
  return undefined
}
