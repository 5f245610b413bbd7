import { ArgumentError } from './argument-error.ts'
import { type Endpoint, splitCall } from './endpoint.ts'
import { checkLeaf, type Refuse } from './leaf.ts'
import { fieldsFor, type Kind, type Schema } from './schema.ts'

/** What fills in `our AppID` and `our AppSecret`. */
export interface OwnAccount {
  readonly appId?: string | undefined
  readonly appSecret?: string | undefined
}

/** Parameters as they are sent: what goes in the query, and what in the body. */
export interface Placed {
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

type Values = Readonly<Record<string, unknown>>

/**
 * Checks the parameters of a call against its table, fills in what is ours, and puts each where it belongs.
 *
 * @throws {ArgumentError} that names the parameter and what is permitted, never its value
 */
export function placeParameters(endpoint: Endpoint, given: unknown = {}, own: OwnAccount): Placed {
  const { name: call, method, queryNames } = splitCall(endpoint.call)
  const refuse: Refuse = (where, text) => {
    throw new ArgumentError(call, where || 'parameters', text)
  }
  const values = readObject(endpoint.params ?? {}, given, { where: '', own, refuse })
  if (endpoint.maxDays !== undefined) checkDays(values, endpoint.maxDays, refuse)
  const query: Record<string, string> = {}
  const body: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    if (method === 'GET' || queryNames.includes(name)) query[name] = String(value)
    else body[name] = value
  }
  return { query, body }
}

interface Place {
  readonly where: string
  readonly own: OwnAccount
  readonly refuse: Refuse
}

function readObject(schema: Schema, value: unknown, place: Place): Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return place.refuse(place.where, { en: 'must be an object', zh: '必须是对象' })
  }
  const given = value as Values
  const fields = fieldsFor(schema, given)
  // Without a prototype, so that no name is special.
  const read: Record<string, unknown> = Object.create(null)
  for (const { name, kind, optional } of fields) {
    const inside = { ...place, where: place.where ? `${place.where}.${name}` : name }
    const field = filledIn(kind, inside) ?? given[name]
    if (field !== undefined) read[name] = readValue(kind, field, inside)
    else if (!optional) place.refuse(inside.where, { en: 'is missing', zh: '未填写' })
  }
  const known = fields.map(({ name }) => name)
  const others = Object.keys(given).filter(name => !known.includes(name))
  if (others.length > 0 && place.where === '') refuseUnknown(others, known, place)
  for (const name of others) read[name] = given[name]
  return read
}

function refuseUnknown(others: readonly string[], known: readonly string[], place: Place): never {
  const permitted = known.join(', ') || 'none'
  return place.refuse(JSON.stringify(others[0]), {
    en: `is not a parameter of this call; permitted: ${permitted}`,
    zh: `不是该接口的参数；允许的参数：${permitted}`,
  })
}

function filledIn(kind: Kind, { own, where, refuse }: Place): string | undefined {
  if (typeof kind !== 'string') return undefined
  if (kind.startsWith('always ')) return kind.slice('always '.length)
  if (kind === 'our AppID') {
    return own.appId ?? refuse(where, { en: 'is not known; set "appId"', zh: '未知；请设置 "appId"' })
  }
  if (kind === 'our AppSecret') {
    return own.appSecret ?? refuse(where, { en: 'is not known; set "appSecret"', zh: '未知；请设置 "appSecret"' })
  }
  return undefined
}

function readValue(kind: Kind, value: unknown, place: Place): unknown {
  if (typeof kind === 'string') return checkLeaf(kind, value, place.where, place.refuse)
  if (!isList(kind)) return readObject(kind, value, place)
  if (!Array.isArray(value)) return place.refuse(place.where, { en: 'must be an array', zh: '必须是数组' })
  const [item, range] = kind
  if (range) checkCount(value.length, range, place)
  return value.map((entry, index) => readValue(item, entry, { ...place, where: `${place.where}[${index}]` }))
}

function isList(kind: Kind): kind is readonly [Kind] | readonly [Kind, `${number}..${number}`] {
  return Array.isArray(kind)
}

function checkCount(count: number, range: string, { where, refuse }: Place): void {
  const [least = 0, most = 0] = range.split('..').map(Number)
  if (count >= least && count <= most) return
  const permitted = least === most ? `${least}` : range
  refuse(where, {
    en: `has ${count} entries; WeChat takes ${permitted.replace('..', ' to ')}`,
    zh: `共 ${count} 项；微信只接受 ${permitted.replace('..', ' 到 ')} 项`,
  })
}

const DAY = 86_400_000

function checkDays({ begin_date, end_date }: Values, maxDays: number, refuse: Refuse): void {
  const days = (Date.parse(String(end_date)) - Date.parse(String(begin_date))) / DAY + 1
  if (days >= 1 && days <= maxDays) return
  refuse('end_date', {
    en: `is ${days < 1 ? 'before begin_date' : `day ${days}`}; WeChat takes ${maxDays} day(s) at most, both included`,
    zh: `${days < 1 ? '早于 begin_date' : `共 ${days} 天`}；微信最多接受 ${maxDays} 天（含首尾两天）`,
  })
}
