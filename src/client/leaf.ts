import type { Bilingual } from '../errors.ts'
import type { Leaf } from './schema.ts'
import { isUpload, type Upload, uploadSize } from './upload.ts'

/** Throws what says that the value at `where` is not permitted. */
export type Refuse = (where: string, text: Bilingual) => never

interface Type extends Bilingual {
  is(value: unknown): boolean
}

const TYPES: Readonly<Record<string, Type>> = {
  string: { is: value => typeof value === 'string', en: 'a string', zh: '字符串' },
  integer: { is: Number.isSafeInteger, en: 'a whole number', zh: '整数' },
  number: { is: Number.isFinite, en: 'a number', zh: '数字' },
  boolean: { is: value => typeof value === 'boolean', en: 'true or false', zh: 'true 或 false' },
  id: { is: value => /^\d{1,20}$/.test(asText(value)), en: 'a string of digits', zh: '由数字组成的字符串' },
  date: { is: isDate, en: 'a day, YYYY-MM-DD', zh: '日期，格式为 YYYY-MM-DD' },
  file: { is: isUpload, en: 'a file: { fileName, content }', zh: '文件：{ fileName, content }' },
}

interface Unit {
  measure(value: unknown): number
  /** The unit that the amount is told in, which may be a finer one. */
  readonly amount: Bilingual
  readonly limit: Bilingual
  readonly size: number
}

const BYTES: Bilingual = { en: ' bytes', zh: ' 字节' }
const CHARACTERS: Bilingual = { en: ' characters', zh: ' 个字符' }
const NONE: Bilingual = { en: '', zh: '' }
const KB: Bilingual = { en: ' KB', zh: ' KB' }
const MB: Bilingual = { en: ' MB', zh: ' MB' }
const EMPTY: Bilingual = { en: 'is an empty file, which WeChat refuses', zh: '是空文件，微信不接受' }
const fileBytes = (value: unknown) => uploadSize(value as Upload)

const NUMBER: Unit = { measure: Number, amount: NONE, limit: NONE, size: 1 }

const UNITS: Readonly<Record<string, Unit>> = {
  bytes: { measure: value => Buffer.byteLength(asText(value)), amount: BYTES, limit: BYTES, size: 1 },
  characters: { measure: value => [...asText(value)].length, amount: CHARACTERS, limit: CHARACTERS, size: 1 },
  KB: { measure: fileBytes, amount: BYTES, limit: KB, size: 1024 },
  MB: { measure: fileBytes, amount: BYTES, limit: MB, size: 1024 * 1024 },
}

/** The value as it is sent: an id becomes a bigint, everything else stays what it is. Refuses one beyond its limit. */
export function checkLeaf(kind: Leaf, value: unknown, where: string, refuse: Refuse): unknown {
  if (kind.startsWith('one of ')) return checkName(kind.slice('one of '.length).split('|'), value, where, refuse)
  const type = TYPES[kind.split(' ')[0] ?? '']
  if (type && !type.is(value)) refuse(where, { en: `must be ${type.en}`, zh: `必须是${type.zh}` })
  if (type === TYPES['file'] && fileBytes(value) === 0) refuse(where, EMPTY)
  checkLimit(kind, value, where, refuse)
  return kind === 'id' ? BigInt(asText(value)) : value
}

function checkName(names: readonly string[], value: unknown, where: string, refuse: Refuse): unknown {
  if (typeof value === 'string' && names.includes(value)) return value
  return refuse(where, { en: `must be one of ${names.join(', ')}`, zh: `必须是 ${names.join('、')} 之一` })
}

/** `string <= 16 bytes`, `string 1..64 characters`, `integer 1..20`, `file <= 2 MB` */
const LIMIT = /^\w+ (?:<= (\d+)|(\d+)\.\.(\d+))(?: (\w+))?$/

function checkLimit(kind: Leaf, value: unknown, where: string, refuse: Refuse): void {
  const limit = LIMIT.exec(kind)
  if (!limit) return
  const [, upper, from, to, unitName = ''] = limit
  const unit = UNITS[unitName] ?? NUMBER
  const amount = unit.measure(value)
  if (amount >= Number(from ?? 0) && amount <= Number(upper ?? to) * unit.size) return
  refuse(where, {
    en: `is ${amount}${unit.amount.en}; WeChat takes ${from ? `${from} to ${to}` : `at most ${upper}`}${unit.limit.en}`,
    zh: `为 ${amount}${unit.amount.zh}；微信接受${from ? ` ${from} 到 ${to}` : `最多 ${upper}`}${unit.limit.zh}`,
  })
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isDate(value: unknown): boolean {
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(asText(value)) ? asText(value) : Number.NaN)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(asText(value))
}
