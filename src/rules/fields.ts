import { RuleError, type RulePath } from './rule-error.ts'

/** @throws {RuleError} on anything but text in quotes with something to read in it */
export function textAt(value: unknown, path: RulePath): string {
  if (typeof value !== 'string') {
    throw new RuleError(path, { en: 'must be text in quotes', zh: '必须是引号中的文字' })
  }
  if (value.trim() === '') {
    throw new RuleError(path, { en: 'is empty; permitted: text in quotes', zh: '是空的；应为引号中的文字' })
  }
  return value
}

/** The entries of a list, or the one that stands in its place, each with its path. */
export function entriesAt(value: unknown, path: RulePath): (readonly [unknown, RulePath])[] {
  if (!Array.isArray(value)) return [[value, path]]
  if (value.length === 0) {
    throw new RuleError(path, {
      en: 'is an empty list; permitted: at least one entry',
      zh: '是空的列表；至少要有一项',
    })
  }
  return value.map((entry, index) => [entry, [...path, index]])
}

/** One text or a list of texts. */
export function textsAt(value: unknown, path: RulePath): string[] {
  return entriesAt(value, path).map(([entry, at]) => textAt(entry, at))
}

/** @throws {RuleError} on anything but an object with these keys */
export function objectAt(
  value: unknown,
  path: RulePath,
  permitted: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const keys = permitted.map(key => `"${key}": …`).join(', ')
    throw new RuleError(path, { en: `must be an object: { ${keys} }`, zh: `必须是一个对象：{ ${keys} }` })
  }
  for (const key of Object.keys(value)) {
    if (permitted.includes(key)) continue
    throw new RuleError([...path, key], {
      en: `is not known here; permitted: ${permitted.join(', ')}`,
      zh: `是未知的键；允许的键：${permitted.join('、')}`,
    })
  }
  return value as Readonly<Record<string, unknown>>
}
