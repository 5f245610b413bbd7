import type { IncomingMessage } from 'node:http'
import type { CgiEnvironment } from './request.ts'

/** Credentials and what has a variable of its own are not passed as HTTP_*; Proxy never is (CVE-2016-5385). */
const WITHHELD: readonly string[] = ['authorization', 'content-length', 'content-type', 'proxy', 'proxy-authorization']

/** The server's side of a script's environment. */
export interface ScriptServer {
  /** Variables besides the request's own, as SetEnv gives them in Apache; none of them can pose as a header. */
  readonly environment: CgiEnvironment
  readonly script: string
}

/**
 * The environment of a script that answers the whole site, made from scratch (RFC 3875 section 4.1), or undefined
 * when the request's path cannot be decoded.
 */
export function scriptEnvironment(request: IncomingMessage, server: ScriptServer): CgiEnvironment | undefined {
  const { method = '', url = '', httpVersion, headers, socket } = request
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(url) ?? []
  const pathInfo = decodePath(path)
  if (pathInfo === undefined) return undefined
  // In any case: to Windows, http_x and HTTP_X are the same variable.
  const own = Object.entries(server.environment).filter(([name]) => !/^HTTP_/i.test(name))
  return {
    ...Object.fromEntries(own),
    ...headerVariables(request),
    ...(headers['content-length'] !== undefined && { CONTENT_LENGTH: headers['content-length'] }),
    ...(headers['content-type'] !== undefined && { CONTENT_TYPE: headers['content-type'] }),
    GATEWAY_INTERFACE: 'CGI/1.1',
    PATH_INFO: pathInfo,
    QUERY_STRING: query,
    REMOTE_ADDR: socket.remoteAddress ?? '',
    REMOTE_PORT: String(socket.remotePort ?? ''),
    REQUEST_METHOD: method,
    REQUEST_URI: url,
    SCRIPT_FILENAME: server.script,
    SCRIPT_NAME: '',
    SERVER_NAME: 'localhost',
    SERVER_PORT: String(socket.localPort ?? ''),
    SERVER_PROTOCOL: `HTTP/${httpVersion}`,
    SERVER_SOFTWARE: 'weixin-cgi',
  }
}

function decodePath(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path)
    return decoded.includes('\0') ? undefined : decoded
  } catch {
    return undefined
  }
}

/** Names that HTTP_* could not tell apart are dropped, repeated headers are joined, as Apache does both. */
function headerVariables(request: IncomingMessage): CgiEnvironment {
  const variables: Record<string, string> = {}
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    if (!/^[a-z\d-]+$/.test(name) || WITHHELD.includes(name)) continue
    variables[`HTTP_${name.toUpperCase().replaceAll('-', '_')}`] = values.join(', ')
  }
  return variables
}
