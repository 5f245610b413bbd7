import { UsageError } from '../errors.ts'
import { eventNames } from '../message/events.ts'
import { type IncomingMessage, type Message, messageTypes, type UnknownEvent } from '../message/types.ts'

/**
 * What a handler is for: the `kind` of a message (`text`, `event:CLICK`, `unknown`), every event (`event`), or
 * everything that a follower writes or sends (`message`).
 */
export type Query = IncomingMessage['kind'] | 'event' | 'message'

/** The messages that a query lets through. */
export type Matched<Q extends Query> = Q extends 'event'
  ? Extract<IncomingMessage, { readonly kind: `event:${string}` }> | UnknownEvent
  : Q extends 'message'
    ? Message
    : Extract<IncomingMessage, { readonly kind: Q }>

/** Whether a query lets a message through. */
export function matches(query: Query, { kind, MsgType }: IncomingMessage): boolean {
  if (query === 'event') return MsgType === 'event'
  if (query === 'message') return MsgType !== 'event' && kind !== 'unknown'
  return query === kind
}

/** @throws {UsageError} that lists the permitted queries */
export function checkQuery(query: string): asserts query is Query {
  const permitted = permittedQueries()
  if (permitted.includes(query)) return
  throw new UsageError({
    en: `on(${JSON.stringify(query)}): no such query; permitted: ${permitted.join(', ')}`,
    zh: `on(${JSON.stringify(query)})：没有这个查询；允许：${permitted.join('、')}`,
  })
}

function permittedQueries(): readonly string[] {
  const types = messageTypes.filter(type => type !== 'event')
  return ['message', 'event', 'unknown', ...types, ...eventNames.map(name => `event:${name}`)]
}
