import type { IncomingMessage } from '../message/types.ts'
import { parseCondition } from './condition.ts'
import { entriesAt, objectAt, textAt } from './fields.ts'
import { parseReply } from './reply.ts'
import { RuleError, type RulePath } from './rule-error.ts'
import type { Condition, Rule } from './types.ts'
import { variableNames } from './variables.ts'

/**
 * Rules from a JSON value: a list of `{ "name": …, "when": …, "reply": … }`. Pure.
 *
 * @param path where the value stands in its file
 * @throws {RuleError} on the first mistake, which includes a rule that no message can reach
 */
export function parseRules(value: unknown, path: RulePath = []): readonly Rule[] {
  if (!Array.isArray(value)) {
    throw new RuleError(path, {
      en: 'must be a list of rules: [ { "when": …, "reply": … } ]',
      zh: '必须是规则列表：[ { "when": …, "reply": … } ]',
    })
  }
  const answered = new Set<IncomingMessage['kind']>()
  return value.map((entry, index) => {
    const at = [...path, index]
    const rule = parseRule(entry, at)
    checkReached(rule, at, answered)
    for (const { every, kinds } of rule.conditions) if (every) for (const kind of kinds) answered.add(kind)
    return rule
  })
}

function parseRule(value: unknown, path: RulePath): Rule {
  const fields = objectAt(value, path, ['name', 'when', 'reply'])
  if (Object.hasOwn(fields, 'name')) textAt(fields['name'], [...path, 'name'])
  for (const key of ['when', 'reply']) if (!Object.hasOwn(fields, key)) throw missing(key, path)
  const conditions = entriesAt(fields['when'], [...path, 'when']).map(([entry, at]) => parseCondition(entry, at))
  const occasion = { names: () => variableNames(conditions), incoming: incomingTypes(conditions) }
  const replies = entriesAt(fields['reply'], [...path, 'reply']).map(([entry, at]) => parseReply(entry, at, occasion))
  return { conditions, replies }
}

function missing(key: string, path: RulePath): RuleError {
  return new RuleError(path, {
    en: `has no "${key}"; permitted: { "when": …, "reply": … }; for every other message write "when": "message"`,
    zh: `缺少 "${key}"；应为：{ "when": …, "reply": … }；回复其他所有消息请写 "when": "message"`,
  })
}

/** As the limits tell messages apart: one event for all events, one message for all others. */
function incomingTypes(conditions: readonly Condition[]): readonly string[] {
  const kinds = conditions.flatMap(condition => [...condition.kinds])
  const message = kinds.find(kind => !kind.startsWith('event:'))
  return [...(message ? [message] : []), ...(kinds.some(kind => kind.startsWith('event:')) ? ['event'] : [])]
}

/** The first rule that fits answers: what is for all messages of a kind stands behind what is for some. */
function checkReached({ conditions }: Rule, path: RulePath, answered: ReadonlySet<string>): void {
  for (const { kinds } of conditions) for (const kind of kinds) if (!answered.has(kind)) return
  throw new RuleError(path, {
    en: 'is never reached: a rule above answers every message that it is for; move it up',
    zh: '永远不会用到：上面已有规则回复了它的所有消息；请把它移到前面',
  })
}
