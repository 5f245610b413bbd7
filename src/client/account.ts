import type { Logger } from '../log.ts'
import type { Store } from '../store/types.ts'
import { stableToken } from '../token/endpoints.ts'
import { httpCall } from '../token/http-call.ts'
import { createTokenProvider, type TokenProvider } from '../token/provider.ts'
import { type Client, createClient } from './client.ts'

export interface AccountApiOptions {
  readonly appId: string
  readonly appSecret: string
  /** Where the official-account API is, without a slash at the end. */
  readonly apiBase: string
  /** Shared with all processes of the account, so that they have one access token. */
  readonly store: Store
  readonly log: Logger
}

/** The API of one account, and the access token that its calls are made with. */
export interface AccountApi {
  readonly client: Client
  readonly tokens: TokenProvider
}

/** Puts client and token together, for the responder and for the commands alike. */
export function createAccountApi({ appId, appSecret, apiBase, store, log }: AccountApiOptions): AccountApi {
  const endpoint = stableToken(apiBase, httpCall)
  const world = { now: Date.now, random: Math.random }
  const tokens = createTokenProvider({ appId, secret: appSecret, endpoint, store, log, ...world })
  return { tokens, client: createClient({ token: tokens, appId, appSecret, hosts: [apiBase], log }) }
}
