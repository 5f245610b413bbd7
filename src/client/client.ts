import type { Logger } from '../log.ts'
import { type CallOptions, createCaller, type TokenSource } from './call.ts'
import { createConnector } from './connection.ts'
import type { Endpoint, ParametersOf, ResultOf } from './endpoint.ts'
import { type Endpoints, endpoints } from './endpoints/index.ts'
import { API_HOSTS, createHostList } from './hosts.ts'
import { anyCall, endpointCall, type RequestOptions } from './request.ts'
import { exactIds } from './result.ts'

/** What a client needs, and what it may have otherwise than usual. */
export interface ClientOptions {
  readonly token: TokenSource
  /** For the calls that name the account: web login, quotas. */
  readonly appId?: string | undefined
  readonly appSecret?: string | undefined
  /** Addresses of the API, tried in this order; WeChat's own five if not given. */
  readonly hosts?: readonly string[]
  /** An HTTP proxy, `http://user:password@host:port`. No environment variable is ever asked. */
  readonly proxy?: string | undefined
  /** Milliseconds that one attempt may take, to the last byte of the answer; 10 000 if not given. */
  readonly timeout?: number
  /** The same for uploads and downloads; 120 000 if not given. */
  readonly transferTimeout?: number
  /** Milliseconds until there is a connection; 5000 if not given. */
  readonly connectTimeout?: number
  /** Bytes that a JSON answer may have; 32 MB if not given. */
  readonly maxAnswer?: number
  readonly log?: Logger | undefined
  readonly random?: () => number
  readonly wait?: (milliseconds: number) => Promise<unknown>
}

/** A call of the tables as a method: parameters may be left out where none is needed. */
export type Call<E> =
  Record<never, never> extends ParametersOf<E>
    ? (parameters?: ParametersOf<E>, options?: CallOptions) => Promise<ResultOf<E>>
    : (parameters: ParametersOf<E>, options?: CallOptions) => Promise<ResultOf<E>>

/** A method for every endpoint of the tables: `client.menu.create({ button: […] })`. */
export type TypedCalls = {
  readonly [Area in keyof Endpoints]: { readonly [Name in keyof Endpoints[Area]]: Call<Endpoints[Area][Name]> }
}

/** The official-account API. */
export interface Client extends TypedCalls {
  /**
   * Calls any path: `client.request('/cgi-bin/tags/get')`. The answer is what came, except that integers beyond 2^53
   * are strings.
   *
   * @throws {ApiError} {TransportError} {ArgumentError}
   */
  request<Answer = unknown>(path: string, options?: RequestOptions): Promise<Answer>
  /** Ends the connections that are kept open. */
  close(): void
}

/**
 * A client for one account.
 *
 * @throws {ConfigError} when a host or the proxy is not an address
 */
export function createClient(options: ClientOptions): Client {
  const { appId, appSecret, connectTimeout = 5000 } = options
  const connector = createConnector(options.proxy, connectTimeout)
  const call = createCaller({
    tokens: options.token,
    secrets: [appSecret],
    hosts: createHostList(options.hosts ?? API_HOSTS),
    connector,
    timeout: options.timeout ?? 10_000,
    transferTimeout: options.transferTimeout ?? 120_000,
    connectTimeout,
    maxAnswer: options.maxAnswer ?? 32 * 1024 * 1024,
    log: options.log,
    random: options.random ?? Math.random,
    wait: options.wait ?? pause,
  })

  async function callEndpoint(endpoint: Endpoint, parameters: unknown, callOptions?: CallOptions): Promise<unknown> {
    const answer = await call(endpointCall(endpoint, parameters, { appId, appSecret }), callOptions)
    if (endpoint.result) return exactIds(endpoint.result, answer)
    return endpoint.download ? answer : undefined
  }

  const areas = Object.entries(endpoints).map(([area, table]) => {
    const calls = Object.entries(table).map(([name, endpoint]: [string, Endpoint]) => [
      name,
      (parameters?: unknown, callOptions?: CallOptions) => callEndpoint(endpoint, parameters, callOptions),
    ])
    return [area, Object.fromEntries(calls)]
  })

  return {
    ...(Object.fromEntries(areas) as TypedCalls),
    async request<Answer>(path: string, requestOptions: RequestOptions = {}) {
      return (await call(anyCall(path, requestOptions), requestOptions)) as Answer
    },
    close: connector.close,
  }
}

async function pause(milliseconds: number): Promise<void> {
  const { setTimeout: wait } = await import('node:timers/promises')
  await wait(milliseconds)
}
