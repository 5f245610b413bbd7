import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { type Bilingual, ConfigError } from '../errors.ts'

/* Loaded only when a file holds a mistake: where it is, for the person who has to find it. */

/** The line, from 1, on which the value at `path` stands; undefined when there is none. */
export function lineOf(text: string, path: readonly (string | number)[]): number | undefined {
  const tree = treeOf(text, [])
  const node = tree && findNodeAtLocation(tree, [...path])
  return node && lineAt(text, node.offset)
}

/**
 * The first thing in `text` that is neither JSON nor a comment, as a line from 1 and a few words such as `CommaExpected`; unlike the
 * message of `JSON.parse` it never quotes the text, which holds secrets.
 */
export function firstSyntaxError(text: string): { readonly line: number; readonly what: string } {
  const errors: ParseError[] = []
  const tree = treeOf(text, errors)
  const [first] = errors
  if (!tree && !first) return { line: 1, what: 'NestedTooDeep' }
  if (!first) return { line: 1, what: 'InvalidSymbol' }
  return { line: lineAt(text, first.offset), what: printParseErrorCode(first.error) }
}

/** That the text of a file is not JSON; `permitted` says what it should hold. */
export function notJson(file: string, text: string, permitted: Bilingual): ConfigError {
  const { line, what } = firstSyntaxError(text)
  return new ConfigError({
    en: `${file}:${line}: not JSON (${what}); permitted: ${permitted.en}`,
    zh: `${file}:${line}：不是合法的 JSON（${what}）；应为${permitted.zh}`,
  })
}

/** Undefined where nothing is in the text, or brackets are nested by the thousand, which the parser cannot follow. */
function treeOf(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: false, allowEmptyContent: false })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
