import type { GatewayRequest } from './request.ts'

/** An answer as the application gives it. `Content-Length` is the gateway's to add, in bytes. */
export interface GatewayResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** The application: a function from a request to a response. */
export type Application = (request: GatewayRequest) => Promise<GatewayResponse>

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/**
 * The answer as a CGI script prints it (RFC 3875 section 6): `Status`, the headers, `Content-Length`, an empty line,
 * the body; no body for HEAD.
 *
 * @throws {TypeError} when a header's name or value could split the response.
 */
export function serializeResponse(response: GatewayResponse, method: string): Buffer {
  const { status, headers, body } = response
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  let head = `Status: ${status} ${REASONS[status] ?? 'Unknown'}\r\n`
  for (const name in headers) head += headerLine(name, headers[name] ?? '')
  head += `Content-Length: ${length}\r\n\r\n`
  if (method === 'HEAD') return Buffer.from(head)
  if (typeof body === 'string') return Buffer.from(head + body)
  return Buffer.concat([Buffer.from(head), body])
}

function headerLine(name: string, value: string): string {
  if (!/^[\w-]+$/.test(name)) throw new TypeError(`header name ${JSON.stringify(name)} is not a token`)
  if (!/^[\t\x20-\x7e]*$/.test(value)) throw new TypeError(`header ${name} has a character that HTTP forbids`)
  return `${name}: ${value}\r\n`
}

/** A short plain-text answer; `line` gets its line end here. */
export function plainResponse(status: number, line: string, headers: Record<string, string> = {}): GatewayResponse {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff', ...headers },
    body: `${line}\n`,
  }
}

/**
 * Runs the application and turns whatever it answers into bytes. A failure is reported once to `report`, and the
 * client gets a neutral 500.
 */
export async function respond(
  application: Application,
  request: GatewayRequest,
  report: (error: unknown) => void,
): Promise<Buffer> {
  try {
    return serializeResponse(await application(request), request.method)
  } catch (error) {
    report(error)
    return serializeResponse(plainResponse(500, 'internal error'), request.method)
  }
}
