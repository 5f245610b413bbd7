/** What a CGI script printed. */
export interface CgiDocument {
  readonly status: number
  /** Names in lower case; the values of a repeated one are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Header fields, an empty line and the body (RFC 3875 section 6); undefined where there is no empty line. */
export function readCgiDocument(output: Buffer): CgiDocument | undefined {
  const text = output.toString('latin1')
  const [separator] = /\r?\n\r?\n/.exec(text) ?? []
  if (!separator) return undefined
  const end = text.indexOf(separator)
  const lines = text.slice(0, end).split(/\r?\n/)
  const headers = joinHeaders(lines.flatMap(line => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*:\s*/, '')]))
  return {
    status: Number.parseInt(headers['status'] ?? '200', 10),
    headers,
    body: output.subarray(end + separator.length),
  }
}

/** @param raw names and values by turns */
export function joinHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    const value = raw[index + 1] ?? ''
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return headers
}
