import type { XmlElement, XmlValue } from '../xml/element.ts'
import { MessageError } from './message-error.ts'

/**
 * What one element of a message holds, and what becomes of its field when the element is not there:
 *
 * | kind | field | not there |
 * |---|---|---|
 * | `string` | the text | `''` |
 * | `string?` | the text | no field |
 * | `number` | the number; `NaN` for a text that is no decimal number | `NaN` |
 * | `number?` | the number; no field for a text that is no decimal number | no field |
 * | `scene` | the text of `EventKey` unless it is empty | no field |
 * | `qrscene` | what follows `qrscene_` in `EventKey` | no field |
 * | `{ … }` | the fields of its children | the fields of an empty element |
 * | `[kind]` | one entry for each element of this name | `[]` |
 */
export type Kind = 'string' | 'number' | OptionalKind | Schema | readonly [Kind]

type OptionalKind = 'string?' | 'number?' | 'scene' | 'qrscene'

/** The elements that may stand inside another, by the names that WeChat prints. */
export interface Schema {
  readonly [name: string]: Kind
}

/** The fields that a schema describes. */
export type FieldsOf<S> = Flat<
  { readonly [Name in keyof S as S[Name] extends OptionalKind ? never : Name]: FieldOf<S[Name]> } & {
    readonly [Name in keyof S as S[Name] extends OptionalKind ? Name : never]?: FieldOf<S[Name]>
  }
>

type FieldOf<K> = K extends 'number' | 'number?'
  ? number
  : K extends string
    ? string
    : K extends readonly [infer Item]
      ? readonly FieldOf<Item>[]
      : FieldsOf<K>

/** One object type for an intersection, so that editors show fields. */
export type Flat<T> = { [Name in keyof T]: T[Name] }

/**
 * The fields of an element, and nothing that the schema does not name. An element is found by its name as printed,
 * else in whatever case it came (`MsgID`, `MsgId`; `OpenID`, `openid`).
 *
 * @throws {MessageError} when an element that the schema has once comes twice, or text is expected and elements come.
 */
export function readFields<S extends Schema>(schema: S, element: XmlElement): FieldsOf<S> {
  const fields: Record<string, unknown> = {}
  for (const name in schema) {
    const field = readField(schema[name] as Kind, name, element)
    if (field !== undefined) fields[name] = field
  }
  return fields as FieldsOf<S>
}

function readField(kind: Kind, name: string, element: XmlElement): unknown {
  if (kind === 'scene') return readScene(element, '')
  if (kind === 'qrscene') return readScene(element, 'qrscene_')
  const value = childNamed(name, element)
  if (!isList(kind)) return readValue(kind, name, value)
  if (value === undefined) return []
  return [value].flat().map(entry => readValue(kind[0], name, entry))
}

function readValue(kind: Kind, name: string, value: XmlValue | undefined): unknown {
  if (Array.isArray(value)) throw new MessageError('repeated', name)
  if (typeof kind === 'object' && !isList(kind)) return readFields(kind, typeof value === 'object' ? value : {})
  if (typeof value === 'object') throw new MessageError('nested', name)
  if (kind === 'string') return value ?? ''
  if (kind === 'number') return readNumber(value) ?? Number.NaN
  return kind === 'number?' ? readNumber(value) : value
}

function readNumber(text = ''): number | undefined {
  return /^\s*[+-]?\d+(?:\.\d*)?\s*$/.test(text) ? Number(text) : undefined
}

function readScene(element: XmlElement, prefix: string): string | undefined {
  const key = readValue('string', 'EventKey', childNamed('EventKey', element)) as string
  return key.length > prefix.length && key.startsWith(prefix) ? key.slice(prefix.length) : undefined
}

function isList(kind: Kind): kind is readonly [Kind] {
  return Array.isArray(kind)
}

function childNamed(name: string, element: XmlElement): XmlValue | undefined {
  const child = element[name]
  if (child !== undefined) return child
  const lowerCase = name.toLowerCase()
  for (const other in element) {
    if (other.length === name.length && other.toLowerCase() === lowerCase) return element[other]
  }
  return undefined
}
