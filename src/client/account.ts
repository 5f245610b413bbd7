import type { Logger } from '../log.ts'
import type { Store } from '../store/types.ts'
import { classicToken, stableToken } from '../token/endpoints.ts'
import { createHttpCall } from '../token/http-call.ts'
import { createTokenProvider, type TokenProvider } from '../token/provider.ts'
import { type Client, createClient } from './client.ts'
import { createConnector } from './connection.ts'
import { apiHosts, isThisMachine } from './hosts.ts'
import { createJsSdk } from './js-sdk.ts'
import { createPages, type Pages } from './pages.ts'

/** Whose API it is, and where. */
export interface AccountApiOptions {
  readonly appId: string
  readonly appSecret: string
  /** Where the official-account API is, without a slash at the end. */
  readonly apiBase: string
  /** An HTTP proxy, `http://user:password@host:port`, for an API elsewhere; no environment variable is ever asked. */
  readonly proxy?: string | undefined
  /** Which call gives the access token; `stable_token` if not given. */
  readonly tokenEndpoint?: 'stable_token' | 'token' | undefined
  /** Milliseconds that fetching a token may take; what a message leaves, if not given. */
  readonly tokenTimeout?: number
  /** Shared with all processes of the account, so that they have one access token. */
  readonly store: Store
  readonly log: Logger
}

/** Milliseconds until there is a connection. */
const CONNECT_TIMEOUT = 2500

/** The API of one account, the access token that its calls are made with, and what its web pages need. */
export interface AccountApi {
  readonly client: Client
  readonly tokens: TokenProvider
  /** The call that gives the access token. */
  readonly tokenEndpoint: string
  readonly pages: Pages
}

/** Puts client and token together, for the responder and for the commands alike. */
export function createAccountApi(options: AccountApiOptions): AccountApi {
  const { appId, appSecret, apiBase, store, log } = options
  const proxy = isThisMachine(new URL(apiBase)) ? undefined : options.proxy
  const connector = createConnector(proxy, CONNECT_TIMEOUT)
  const call = createHttpCall((url, request) => connector.open(url, { ...request, reuse: false }))
  const endpoint = (options.tokenEndpoint === 'token' ? classicToken : stableToken)(apiBase, call, options.tokenTimeout)
  const world = { now: Date.now, random: Math.random }
  const tokens = createTokenProvider({ appId, secret: appSecret, endpoint, store, log, ...world })
  const client = createClient({ token: tokens, appId, appSecret, hosts: apiHosts(apiBase), proxy, log })
  const { signJsSdk } = createJsSdk({ client, appId, appSecret, store, log })
  return { tokens, tokenEndpoint: endpoint.name, client, pages: createPages(appId, signJsSdk) }
}
