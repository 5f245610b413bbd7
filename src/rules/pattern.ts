import { RuleError, type RulePath } from './rule-error.ts'

/**
 * A regular expression as its owner writes it, without slashes; like words it takes capitals and small letters for the
 * same, and an emoji for one character.
 *
 * @throws {RuleError} when it is not one
 */
export function parsePattern(source: string, path: RulePath): RegExp {
  try {
    return new RegExp(source, 'iu')
  } catch (cause) {
    // V8 says `Invalid regular expression: /(/iu: Unterminated group`.
    const what = String(cause).split(': ').at(-1)
    throw new RuleError(
      path,
      { en: `is not a regular expression: ${what}`, zh: `不是合法的正则表达式：${what}` },
      { cause },
    )
  }
}

/** The opening brackets that keep what they match; not those escaped or in a class, nor `(?:`, `(?=`, `(?<!` …. */
export function countGroups({ source }: RegExp): number {
  const bare = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gsu, '')
  return bare.match(/\((?!\?(?:[:=!]|<[=!]))/g)?.length ?? 0
}
