/**
 * A file that people edit: JSON, in which comments may stand. What reads them is only loaded for a file that has some.
 *
 * @throws {SyntaxError} as `JSON.parse` does
 */
export async function parseCommentedJson(text: string): Promise<unknown> {
  try {
    return JSON.parse(text)
  } catch {
    const { stripComments } = await import('jsonc-parser')
    return JSON.parse(stripComments(text, ' '))
  }
}
