import type { ContentView } from '../dispatch/content.ts'
import { textAt } from './fields.ts'
import { RuleError, type RulePath } from './rule-error.ts'

/** Words of the owner's, to be filled in. */
export type Words = (view: ContentView) => string

/** The variables that there are; asked for when there is one to check. */
export type VariableNames = () => ReadonlySet<string>

/**
 * Words with variables, `{{Content}}`: mustache's own spelling, without its sections, which templates have. They are
 * filled in once: what a follower wrote goes in as it is, whatever it looks like.
 *
 * @param names the variables that there are
 * @param encode what becomes of a value
 * @throws {RuleError} on a variable that there is not, and on braces that are not closed
 */
export function parseWords(
  value: unknown,
  path: RulePath,
  names: VariableNames,
  encode: (value: string) => string = String,
): Words {
  const text = textAt(value, path)
  // Words at even places, names at odd ones.
  const parts = text.split(/\{\{([^}]*)\}\}/).map((part, index) => (index % 2 === 0 ? part : part.trim()))
  if (parts.length === 1 && !text.includes('{{')) return () => text
  const permitted = names()
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0 ? part.includes('{{') : !permitted.has(part)) throw unknownVariable(part, path, permitted)
  }
  return view => parts.map((part, index) => (index % 2 === 0 ? part : encode(String(view[part] ?? '')))).join('')
}

function unknownVariable(part: string, path: RulePath, permitted: ReadonlySet<string>): RuleError {
  const found = part.includes('{{') ? part.slice(part.indexOf('{{')) : `{{${part}}}`
  const written = JSON.stringify(found.slice(0, 40))
  return new RuleError(path, {
    en: `has ${written}, which is no variable here; permitted in {{ }}: ${[...permitted].join(', ')}`,
    zh: `中的 ${written} 不是这里可用的变量；{{ }} 中允许：${[...permitted].join('、')}`,
  })
}
