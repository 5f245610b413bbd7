import type { ContentView } from '../dispatch/content.ts'
import { type EventName, eventSchemas } from '../message/events.ts'
import type { Kind as FieldKind, Schema } from '../message/schema.ts'
import { type IncomingMessage, isMessageType, messageSchemas } from '../message/types.ts'
import type { Condition, Match } from './types.ts'

/** What every message has, and what a reply may be filled with whatever it answers. */
const ALWAYS = ['from', 'ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'MsgId', 'MsgDataId', 'Idx']

/** The variables that the replies of a rule with these conditions may name. */
export function variableNames(conditions: readonly Condition[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { groups, kinds } of conditions) {
    for (let group = 0; group < groups; group++) names.add(String(group))
    for (const kind of kinds) addFieldNames(schemaOf(kind), names)
  }
  for (const name of ALWAYS) names.add(name)
  return names
}

function schemaOf(kind: IncomingMessage['kind']): Schema {
  if (isMessageType(kind)) return messageSchemas[kind]
  return { ...messageSchemas.event, ...eventSchemas[kind.slice('event:'.length) as EventName] }
}

function addFieldNames(schema: Schema, names: Set<string>): void {
  for (const [name, kind] of Object.entries<FieldKind>(schema)) {
    if (typeof kind === 'string') names.add(name)
    else if (!Array.isArray(kind)) addFieldNames(kind as Schema, names)
  }
}

/**
 * What a reply is filled with: the match and its groups as `0`, `1` …, the fields of the message under WeChat's names,
 * those inside another under their own name alone (`ScanResult`), and `from`, the follower's OpenID.
 */
export function variablesOf(message: IncomingMessage, match: Match): ContentView {
  const view: Record<string, string | number> = { from: message.FromUserName }
  addFields(message, view)
  match.forEach((group, index) => {
    view[index] = group
  })
  return view
}

function addFields(fields: object, view: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') view[name] = value
    else if (typeof value === 'number' && !Number.isNaN(value)) view[name] = value
    else if (isElement(name, value)) addFields(value, view)
  }
}

/** A typed field with fields of its own: no list, and not `fields`, which is the message as it came. */
function isElement(name: string, value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && name !== 'fields'
}
