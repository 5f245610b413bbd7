import {
  applyEdits,
  findNodeAtLocation,
  modify,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { ConfigError } from '../../errors.ts'

/**
 * What a configuration file says, comments aside.
 *
 * @throws {ConfigError} that names the line; the text is not quoted, since it holds secrets
 */
export function readConfigText(text: string, file: string): Readonly<Record<string, unknown>> {
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  const [first] = errors
  if (!first && typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  const line = text.slice(0, first?.offset ?? 0).split('\n').length
  const what = first ? printParseErrorCode(first.error) : 'ObjectExpected'
  throw new ConfigError({
    en: `${file}:${line}: not JSON (${what}); correct it or move it away, nothing has been changed`,
    zh: `${file}:${line}：不是合法的 JSON（${what}）；请改正或移走该文件，未做任何修改`,
  })
}

/** The text with these values, and everything else as it was: order, blanks and comments. */
export function withValues(text: string, values: Readonly<Record<string, string>>): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' }
  let changed = text
  for (const [key, value] of Object.entries(values).reverse()) {
    changed =
      withFirst(changed, key, value) ?? applyEdits(changed, modify(changed, [key], value, { formattingOptions }))
  }
  return changed.endsWith('\n') ? changed : `${changed}\n`
}

/** A new key goes in front of all others, where no comment can be taken for its own; undefined when it is not new. */
function withFirst(text: string, key: string, value: string): string | undefined {
  const tree = parseTree(text)
  const lineEnd = /^\{[^\S\r\n]*(\r?\n)/.exec(text)
  if (!tree?.children?.length || !lineEnd || findNodeAtLocation(tree, [key])) return undefined
  const at = lineEnd.index + lineEnd[0].length
  return `${text.slice(0, at)}  ${JSON.stringify(key)}: ${JSON.stringify(value)},${lineEnd[1]}${text.slice(at)}`
}
