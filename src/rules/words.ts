import Mustache from 'mustache'
import type { ContentView } from '../dispatch/content.ts'
import { textAt } from './fields.ts'
import { RuleError, type RulePath } from './rule-error.ts'

/** Words of the owner's, with variables in mustache. */
export type Words = (view: ContentView) => string

type Tokens = ReturnType<Mustache.Writer['parse']>

const writer = new Mustache.Writer()

/**
 * Words that are filled in once: what a follower wrote goes in as it is, whatever it looks like.
 *
 * @param names the variables that there are
 * @param escape what becomes of a value in double braces; nothing, by default
 * @throws {RuleError} on a variable that there is not, and on braces that are no mustache
 */
export function parseWords(
  value: unknown,
  path: RulePath,
  names: ReadonlySet<string>,
  escape: (value: string) => string = String,
): Words {
  const text = textAt(value, path)
  if (!text.includes('{{')) return () => text
  const tokens = parseTokens(text, path)
  checkNames(tokens, path, names)
  return view => {
    // Without a prototype, so that nobody can name what JavaScript put there.
    const context = new Mustache.Context(Object.assign(Object.create(null), view))
    return writer.renderTokens(tokens, context, undefined, undefined, { escape })
  }
}

function parseTokens(text: string, path: RulePath): Tokens {
  try {
    return writer.parse(text)
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new RuleError(path, { en: `has braces that do not fit: ${what}`, zh: `中的花括号不匹配：${what}` }, { cause })
  }
}

function checkNames(tokens: Tokens, path: RulePath, names: ReadonlySet<string>): void {
  for (const [type, name, , , inner] of tokens) {
    // Text, a comment, other delimiters: nothing is looked up.
    if (type === 'text' || type === '!' || type === '=') continue
    if (type === '>' || !names.has(name)) {
      const written = JSON.stringify(`{{${name.slice(0, 40)}}}`)
      throw new RuleError(path, {
        en: `has ${written}, which there is not; permitted: ${[...names].join(', ')}`,
        zh: `中的 ${written} 不存在；允许：${[...names].join('、')}`,
      })
    }
    if (Array.isArray(inner)) checkNames(inner, path, names)
  }
}
