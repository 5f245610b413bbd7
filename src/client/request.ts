import { ArgumentError } from './argument-error.ts'
import type { ApiCall, CallOptions } from './call.ts'
import { type Endpoint, splitCall } from './endpoint.ts'
import { allEndpoints } from './endpoints/index.ts'
import { type Body, formBody, textBody } from './form.ts'
import { writeJson } from './json.ts'
import { type OwnAccount, placeParameters } from './parameters.ts'
import { isUpload } from './upload.ts'

/**
 * The call of one endpoint of the tables.
 *
 * @throws {ArgumentError} when a parameter is not permitted
 */
export function endpointCall(endpoint: Endpoint, parameters: unknown, own: OwnAccount): ApiCall {
  const { query, body } = placeParameters(endpoint, parameters, own)
  return { ...factsOf(endpoint), query, ...bodyOf(endpoint, body) }
}

/** What `request` sends: `body` as JSON or `form` as multipart/form-data makes it a POST. */
export interface RequestOptions extends CallOptions {
  readonly method?: 'GET' | 'POST'
  readonly query?: Readonly<Record<string, string | number | boolean>>
  /** A bigint goes as a bare number. */
  readonly body?: unknown
  /** Uploads, and fields beside them. */
  readonly form?: Readonly<Record<string, unknown>>
  /** Whether the answer may be a file, a `Download`. */
  readonly download?: boolean
  /** Whether a second call does nothing that the first has not done; what the tables or the method say, if not given. */
  readonly repeatable?: boolean
  /** Whether it takes the access token; what the tables say, if not given. */
  readonly token?: boolean
}

type Facts = Omit<ApiCall, 'query' | 'body' | 'upload'>

function factsOf(endpoint: Endpoint): Facts {
  const { name, method, path } = splitCall(endpoint.call)
  return {
    endpoint: name,
    method,
    path,
    accounts: endpoint.accounts,
    perDay: endpoint.perDay,
    token: endpoint.token ?? true,
    repeatable: endpoint.repeatable ?? method === 'GET',
    download: endpoint.download ?? false,
    alsoDone: endpoint.alsoDone,
    site: endpoint.site,
  }
}

function bodyOf(endpoint: Endpoint, fields: Readonly<Record<string, unknown>>): Pick<ApiCall, 'body' | 'upload'> {
  const { name, method } = splitCall(endpoint.call)
  if (method === 'GET') return { body: undefined, upload: false }
  const values = Object.values(fields)
  if (values.some(isUpload)) return { body: formBody(name, fields), upload: true }
  if (endpoint.sends === 'text') return { body: textBody('text/plain; charset=utf-8', values.join('')), upload: false }
  return { body: jsonBody(fields), upload: false }
}

function jsonBody(value: unknown): Body {
  return textBody('application/json', writeJson(value))
}

/** By method and path. */
const known: ReadonlyMap<string, Endpoint> = new Map(
  allEndpoints.map(endpoint => [splitCall(endpoint.call).name, endpoint]),
)

/**
 * The call of any path. What the tables say of it counts, unless the options say otherwise.
 *
 * @throws {ArgumentError} when the path is none, or a file has no extension
 */
export function anyCall(target: string, options: RequestOptions): ApiCall {
  const { form, body } = options
  const { path, query: written } = splitTarget(target)
  const method = options.method ?? (form || body !== undefined ? 'POST' : usualMethod(path))
  const name = `${method} ${path}`
  const facts = factsOf(known.get(name) ?? { call: `${method} /`, accounts: 'any' })
  const token = options.token ?? facts.token
  const query = { ...written, ...mapValues(options.query ?? {}) }
  if (token && 'access_token' in query) throw ownToken(name)
  return {
    ...facts,
    accounts: known.get(name)?.accounts,
    endpoint: name,
    path,
    query,
    body: method === 'GET' ? undefined : form ? formBody(name, form) : jsonBody(body ?? {}),
    upload: form !== undefined,
    token,
    repeatable: options.repeatable ?? facts.repeatable,
    download: options.download ?? facts.download,
  }
}

function usualMethod(path: string): 'GET' | 'POST' {
  return known.has(`POST ${path}`) ? 'POST' : 'GET'
}

/** The token must not go to another host, so that only what begins with one slash is a path. */
function splitTarget(target: string): { path: string; query: Record<string, string> } {
  if (!/^\/(?!\/)[\x21-\x7e]*$/.test(target) || target.includes('#')) {
    throw new ArgumentError('request', 'path', {
      en: 'must be a path such as /cgi-bin/menu/get, without a host',
      zh: '必须是路径，如 /cgi-bin/menu/get，不含主机名',
    })
  }
  const { pathname, searchParams } = new URL(`http://path.invalid${target}`)
  return { path: pathname, query: Object.fromEntries(searchParams) }
}

function ownToken(name: string): ArgumentError {
  return new ArgumentError(name, 'access_token', {
    en: 'is filled in for this call; leave it out',
    zh: '会自动填入，请勿填写',
  })
}

function mapValues(query: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]))
}
