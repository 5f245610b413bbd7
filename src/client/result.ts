import { fieldsFor, type Kind, type Schema } from './schema.ts'

/**
 * Makes every `id` of an answer a string, whether it was small enough for a number or not; everything else stays what
 * came. The answer itself is changed.
 */
export function exactIds(schema: Schema, answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer
  const fields = answer as Record<string, unknown>
  for (const { name, kind } of fieldsFor(schema, fields)) {
    if (Object.hasOwn(fields, name)) fields[name] = exact(kind, fields[name])
  }
  return answer
}

function exact(kind: Kind, value: unknown): unknown {
  if (kind === 'id') return typeof value === 'number' ? String(value) : value
  if (typeof kind === 'string') return value
  if (!Array.isArray(kind)) return exactIds(kind as Schema, value)
  return Array.isArray(value) ? value.map(entry => exact(kind[0], entry)) : value
}
