import { matches, type Query } from '../dispatch/filter.ts'
import { hear, normal } from '../dispatch/hears.ts'
import { canonicalEventName, type EventName, eventNames, eventSchemas, menuKeyEvents } from '../message/events.ts'
import { type IncomingMessage, isMessageType, messageTypes } from '../message/types.ts'
import { entriesAt, objectAt, textAt, textsAt } from './fields.ts'
import { countGroups, parsePattern } from './pattern.ts'
import { RuleError, type RulePath } from './rule-error.ts'
import type { Condition, HeardText, Match } from './types.ts'

type Kind = IncomingMessage['kind']
type Fields = Readonly<Record<string, unknown>>

const MESSAGES = messageTypes.filter(type => type !== 'event')

const MENU: readonly Kind[] = menuKeyEvents.map(name => `event:${name}` as const)

const conditions: Readonly<Record<string, (fields: Fields, path: RulePath) => Condition>> = {
  exact: (fields, path) => exactCondition(textsAt(fields['exact'], [...path, 'exact'])),
  contains: (fields, path) => containsCondition(textsAt(fields['contains'], [...path, 'contains'])),
  regex: (fields, path) => regexCondition(fields['regex'], [...path, 'regex']),
  menu: (fields, path) => keyCondition(MENU, textsAt(fields['menu'], [...path, 'menu'])),
  event: eventCondition,
}

const KINDS = Object.keys(conditions)

/**
 * One condition: `"message"`, `"event"` or a type of message such as `"image"`, or an object with one of `exact`,
 * `contains`, `regex`, `menu`, and `event` with or without `key`.
 *
 * @throws {RuleError}
 */
export function parseCondition(value: unknown, path: RulePath): Condition {
  if (typeof value === 'string') return queryCondition(value, path)
  const fields = objectAt(value, path, [...KINDS, 'key'])
  const [kind = '', other] = KINDS.filter(name => Object.hasOwn(fields, name))
  if (other !== undefined) {
    throw new RuleError(path, {
      en: `has "${kind}" and "${other}"; permitted: one of them; for either write a list: [{ "${kind}": … }, { "${other}": … }]`,
      zh: `同时有 "${kind}" 和 "${other}"；只能有一个；若任一即可，请写成列表：[{ "${kind}": … }, { "${other}": … }]`,
    })
  }
  if (Object.hasOwn(fields, 'key') && kind !== 'event') {
    throw new RuleError([...path, 'key'], {
      en: 'needs an "event"; for the key of a menu button write { "menu": "KEY" }',
      zh: '必须与 "event" 一起使用；菜单按钮的 key 请写成 { "menu": "KEY" }',
    })
  }
  const parse = conditions[kind]
  if (parse) return parse(fields, path)
  throw new RuleError(path, {
    en: `has no condition; permitted: ${KINDS.join(', ')}`,
    zh: `没有条件；允许：${KINDS.join('、')}`,
  })
}

function queryCondition(written: string, path: RulePath): Condition {
  const query = queryOf(written)
  if (!query) {
    const permitted = ['message', 'event', ...MESSAGES]
    throw new RuleError(path, {
      en: `is ${JSON.stringify(written.slice(0, 40))}, which is no type of message; permitted: ${permitted.join(', ')}; for words write { "contains": "…" }`,
      zh: `为 ${JSON.stringify(written.slice(0, 40))}，没有这种消息类型；允许：${permitted.join('、')}；关键词请写成 { "contains": "…" }`,
    })
  }
  return everyCondition([query])
}

function queryOf(written: string): Query | undefined {
  if (written === 'message' || written === 'event') return written
  if (isMessageType(written)) return written
  const name = written.startsWith('event:') ? canonicalEventName(written.slice('event:'.length)) : undefined
  return name && `event:${name}`
}

function kindsOf(query: Query): readonly Kind[] {
  if (query === 'message') return MESSAGES
  return query === 'event' ? eventNames.map(name => `event:${name}` as const) : [query]
}

function everyCondition(queries: readonly Query[]): Condition {
  return {
    kinds: new Set(queries.flatMap(kindsOf)),
    every: true,
    groups: 0,
    regex: false,
    match: ({ message }) => (queries.some(query => matches(query, message)) ? [] : undefined),
  }
}

const TEXT: ReadonlySet<Kind> = new Set(['text'])

/** @param patterns the regular expressions that `match` runs */
function textCondition(match: (text: HeardText) => Match | undefined, patterns: readonly RegExp[] = []): Condition {
  return {
    kinds: TEXT,
    every: false,
    groups: 1 + Math.max(0, ...patterns.map(countGroups)),
    regex: patterns.length > 0,
    match: ({ text }) => text && match(text),
  }
}

function exactCondition(words: readonly string[]): Condition {
  const wanted = new Set(words.map(normal))
  return textCondition(({ written, lowerCase }) => (wanted.has(lowerCase) ? [written] : undefined))
}

function containsCondition(words: readonly string[]): Condition {
  const wanted = words.map(word => ({ word, lowerCase: normal(word) }))
  return textCondition(({ lowerCase }) => {
    const found = wanted.find(each => lowerCase.includes(each.lowerCase))
    return found && [found.word]
  })
}

/** As much of a text as a regular expression looks at, in characters: WeChat's own input takes fewer. */
const PATTERN_CHARACTERS = 2048

function regexCondition(value: unknown, path: RulePath): Condition {
  const patterns = entriesAt(value, path).map(([entry, at]) => parsePattern(textAt(entry, at), at))
  return textCondition(({ written }) => hear(patterns, written.slice(0, PATTERN_CHARACTERS)), patterns)
}

function eventCondition(fields: Fields, path: RulePath): Condition {
  const names = entriesAt(fields['event'], [...path, 'event']).map(([entry, at]) => eventNameOf(entry, at))
  const kinds = names.map(name => `event:${name}` as const)
  if (!Object.hasOwn(fields, 'key')) return everyCondition(kinds)
  const keyPath = [...path, 'key']
  const keys = textsAt(fields['key'], keyPath)
  const keyless = names.find(name => !Object.hasOwn(eventSchemas[name], 'EventKey'))
  if (keyless) {
    throw new RuleError(keyPath, {
      en: `cannot be: the event ${keyless} has no key; leave it out`,
      zh: `不能使用：事件 ${keyless} 没有 key；请删去`,
    })
  }
  return keyCondition(kinds, keys)
}

function eventNameOf(value: unknown, path: RulePath): EventName {
  const written = textAt(value, path)
  const name = canonicalEventName(written)
  if (name) return name
  throw new RuleError(path, {
    en: `is ${JSON.stringify(written.slice(0, 40))}, which is no event; permitted: ${eventNames.join(', ')}`,
    zh: `为 ${JSON.stringify(written.slice(0, 40))}，没有这个事件；允许：${eventNames.join('、')}`,
  })
}

/** A key is what the owner entered: of a menu button, or of a QR code, where `subscribe` has a prefix before it. */
function keyCondition(kinds: readonly Kind[], keys: readonly string[]): Condition {
  const wantedKinds = new Set(kinds)
  const wanted = new Set<string | undefined>(keys)
  return {
    kinds: wantedKinds,
    every: false,
    groups: 0,
    regex: false,
    match: ({ message }) => {
      if (!wantedKinds.has(message.kind)) return undefined
      const found =
        ('EventKey' in message && wanted.has(message.EventKey)) || ('scene' in message && wanted.has(message.scene))
      return found ? [] : undefined
    },
  }
}
