import { PhoneError } from './answer.ts'

/** What the page sends along with an action, by name. */
export type Details = Readonly<Record<string, unknown>>

/** @throws {PhoneError} when it is not a JSON object */
export function readDetails(body: Buffer): Details {
  try {
    const value: unknown = JSON.parse(body.toString())
    if (typeof value === 'object' && value !== null) return value as Details
  } catch {
    // Said below.
  }
  throw new PhoneError({ en: 'a JSON object is permitted', zh: '应为 JSON 对象' })
}

/** @throws {PhoneError} when there is no such text */
export function textOf(details: Details, name: string): string {
  const value = details[name]
  if (typeof value === 'string') return value
  throw new PhoneError({ en: `"${name}" must be a text`, zh: `"${name}" 应为文本` })
}

/** One of a list. @throws {PhoneError} for anything else */
export function oneOf<Value extends string>(details: Details, name: string, permitted: readonly Value[]): Value {
  const found = permitted.find(each => each === details[name])
  if (found !== undefined) return found
  const list = permitted.join(', ')
  throw new PhoneError({ en: `"${name}" must be one of ${list}`, zh: `"${name}" 应为 ${list} 之一` })
}

/** The numbers in a list. */
export function numbersOf(details: Details, name: string): readonly number[] {
  const value = details[name]
  return Array.isArray(value) ? value.filter(each => typeof each === 'number') : []
}
