import { RuleError, type RulePath } from './rule-error.ts'
import type { Match } from './types.ts'

/** As much of a text as a regular expression looks at, in characters: WeChat's own input takes fewer. */
const CHARACTERS = 2048

export interface Pattern {
  /** The whole match and its groups. */
  readonly groups: number
  readonly exec: (text: string) => Match | undefined
}

/**
 * A regular expression as its owner writes it, without slashes; like words it takes capitals and small letters for the
 * same, and an emoji for one character.
 *
 * @throws {RuleError} when it is not one
 */
export function parsePattern(source: string, path: RulePath): Pattern {
  const pattern = compile(source, path)
  return {
    groups: 1 + countGroups(source),
    exec: text => pattern.exec(text.slice(0, CHARACTERS))?.map(group => group ?? ''),
  }
}

function compile(source: string, path: RulePath): RegExp {
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
function countGroups(source: string): number {
  const bare = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gsu, '')
  return bare.match(/\((?!\?(?:[:=!]|<[=!]))/g)?.length ?? 0
}
