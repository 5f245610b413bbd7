import type { Handler } from '../dispatch/handler.ts'
import type { IncomingMessage } from '../message/types.ts'
import type { Reply } from '../reply/types.ts'
import { type Found, findRule } from './match.ts'
import type { Rule } from './types.ts'
import { variablesOf } from './variables.ts'

/** Where a handler has its rules from, and chance. */
export interface RulesHandlerOptions {
  /** The rules that are in force now. */
  readonly rules: () => Promise<readonly Rule[]>
  /** From 0 up to but not including 1, as `Math.random`. */
  readonly random: () => number
}

/** A handler that answers by the first rule that fits, and passes on when there is none: behind the owner's handlers. */
export function rulesHandler({ rules, random }: RulesHandlerOptions): Handler {
  return async ({ message, surroundings: { trace } }, next) => {
    const found = findRule(await rules(), message)
    if (trace && found && isFallback(found.rule)) trace.by = 'fallback'
    return found ? answer(found, message, random) : next()
  }
}

/** Whether it answers every text that no rule before it has answered. */
function isFallback({ conditions }: Rule): boolean {
  return conditions.some(({ every, kinds }) => every && kinds.has('text'))
}

/**
 * One of the rule's replies at random, filled in.
 *
 * @throws {ReplyError} when what was filled in makes it a reply that WeChat refuses
 */
function answer({ rule, match }: Found, message: IncomingMessage, random: () => number): Reply | undefined {
  const draft = rule.replies[Math.floor(random() * rule.replies.length)]
  return draft?.(variablesOf(message, match))
}
