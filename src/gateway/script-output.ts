/** What a CGI script printed, as an HTTP answer. */
export interface ScriptAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/**
 * Reads what a CGI script printed (RFC 3875 section 6): header lines that end with LF or CRLF, an empty line, the
 * body. Undefined when that is not what it is.
 */
export function parseScriptOutput(output: Buffer): ScriptAnswer | undefined {
  const end = /\r?\n\r?\n/.exec(output.toString('latin1'))
  if (end === null) return undefined
  const headers: [string, string][] = []
  let status: number | undefined
  for (const line of output.toString('latin1', 0, end.index).split(/\r?\n/)) {
    const [, name, value = ''] = /^([\w-]+):[ \t]*([\t\x20-\x7e]*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined) return undefined
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10)
    else headers.push([name, value])
  }
  status ??= headers.some(([name]) => name.toLowerCase() === 'location') ? 302 : 200
  // 1xx is not for scripts, and NaN is nobody's.
  if (!(status >= 200 && status <= 999)) return undefined
  return { status, headers, body: output.subarray(end.index + end[0].length) }
}
