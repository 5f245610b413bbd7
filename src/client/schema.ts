import type { Upload } from './upload.ts'

type Unit = 'bytes' | 'characters'
type Range = `${number}..${number}`

/**
 * What one parameter or one field of an answer is, and the limit that WeChat documents:
 *
 * | kind | value |
 * |---|---|
 * | `string`, `string <= 16 bytes`, `string 1..64 characters` | a text; characters are code points |
 * | `integer`, `integer 1..20`, `number`, `boolean` | |
 * | `id` | a string of digits; a bare JSON number on the wire, exact beyond 2^53 |
 * | `date` | `YYYY-MM-DD` |
 * | `one of a\|b` | one of these texts |
 * | `json` | anything that JSON can say |
 * | `file`, `file <= 2 MB` | an upload; makes the request multipart/form-data |
 * | `our AppID`, `our AppSecret`, `always x` | filled in, never a parameter |
 * | `{ … }` | an object; nested fields that the schema does not name are passed on as they are |
 * | `[kind]`, `[kind, '1..50']` | a list, and how many it may have |
 */
export type Kind = Leaf | Schema | readonly [Kind] | readonly [Kind, Range]

/** A kind that is no object and no list. */
export type Leaf =
  | 'string'
  | `string <= ${number} ${Unit}`
  | `string ${Range} ${Unit}`
  | 'integer'
  | `integer ${Range}`
  | 'number'
  | 'boolean'
  | 'id'
  | 'date'
  | `one of ${string}`
  | 'json'
  | 'file'
  | `file <= ${number} ${'KB' | 'MB'}`
  | Filled

type Filled = 'our AppID' | 'our AppSecret' | `always ${string}`

/**
 * Fields by their names on the wire, with three marks: `name?` may be left out; `*` stands for any name; `name|` holds
 * the name of one of its variants, whose fields then stand beside it, and the variant `''` is without that field.
 */
export interface Schema {
  readonly [name: string]: Kind
}

/** The object that a schema describes; one type for each variant. */
export type FieldsOf<S> = '*' extends keyof S
  ? { readonly [name: string]: TypeOf<S['*']> }
  : [Selector<S>] extends [never]
    ? Flat<Plain<S>>
    : VariantsOf<S, Selector<S>>

type Selector<S> = Extract<keyof S, `${string}|`>

type VariantsOf<S, Key extends keyof S> = keyof S[Key] extends infer Variant ? VariantOf<S, Key, Variant> : never

type VariantOf<S, Key extends keyof S, Variant> = Variant extends keyof S[Key]
  ? Flat<Plain<S> & Selected<Key, Variant> & Plain<S[Key][Variant]>>
  : never

type Selected<Key, Variant> = Key extends `${infer Name}|`
  ? Variant extends ''
    ? { readonly [N in Name]?: never }
    : { readonly [N in Name]: Variant }
  : never

type Plain<S> = {
  readonly [Name in keyof S as S[Name] extends Filled
    ? never
    : Name extends `${string}${'?' | '|'}`
      ? never
      : Name]: TypeOf<S[Name]>
} & {
  readonly [Name in keyof S as Name extends `${infer Bare}?` ? Bare : never]?: TypeOf<S[Name]>
}

type TypeOf<K> = K extends 'number' | `integer${string}`
  ? number
  : K extends 'boolean'
    ? boolean
    : K extends 'json'
      ? unknown
      : K extends `file${string}`
        ? Upload
        : K extends `one of ${infer Names}`
          ? OneOf<Names>
          : K extends string
            ? string
            : K extends readonly [infer Item, ...unknown[]]
              ? readonly TypeOf<Item>[]
              : FieldsOf<K>

type OneOf<Names extends string> = Names extends `${infer First}|${infer Rest}` ? First | OneOf<Rest> : Names

/** One object type for an intersection, so that editors show fields. */
type Flat<T> = { [Name in keyof T]: T[Name] }

/** One field of a schema that is sent or received. */
export interface Field {
  readonly name: string
  readonly kind: Kind
  readonly optional: boolean
}

/** The fields for one object: those of the schema, and those of the variant that the object selects. */
export function fieldsFor(schema: Schema, value: Readonly<Record<string, unknown>>): readonly Field[] {
  if (schema['*'] !== undefined) {
    return Object.keys(value).map(name => ({ name, kind: schema['*'] as Kind, optional: true }))
  }
  return Object.entries(schema).flatMap(([key, kind]): Field | readonly Field[] => {
    if (key.endsWith('|')) return variantFields(key.slice(0, -1), kind as Variants, value)
    const optional = key.endsWith('?')
    return { name: optional ? key.slice(0, -1) : key, kind, optional }
  })
}

type Variants = Readonly<Record<string, Schema>>

function variantFields(name: string, variants: Variants, value: Readonly<Record<string, unknown>>): readonly Field[] {
  const names = Object.keys(variants)
  const selector: Field = {
    name,
    kind: `one of ${names.filter(variant => variant !== '').join('|')}`,
    optional: names.includes(''),
  }
  const selected = value[name] ?? ''
  const variant = typeof selected === 'string' && Object.hasOwn(variants, selected) ? variants[selected] : undefined
  return [selector, ...(variant ? fieldsFor(variant, value) : [])]
}
