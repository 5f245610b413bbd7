import { hash, randomBytes } from 'node:crypto'
import type { Logger } from '../log.ts'
import type { Store } from '../store/types.ts'
import type { TokenEndpoint } from '../token/endpoints.ts'
import { createTokenProvider } from '../token/provider.ts'
import { isTokenValue } from '../token/token.ts'
import { TokenError } from '../token/token-error.ts'
import { ApiError } from './api-error.ts'
import { ArgumentError } from './argument-error.ts'
import type { Client } from './client.ts'
import { TransportError } from './transport-error.ts'

/** Whose ticket it is, and where it is kept. */
export interface JsSdkOptions {
  readonly client: Pick<Client, 'jssdk'>
  readonly appId: string
  readonly appSecret: string
  /** Where the ticket is kept for all processes, as the access token is. */
  readonly store: Store
  readonly log: Logger
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** 0 to 1. */
  readonly random?: () => number
  readonly nonce?: () => string
}

/** What a page passes to `wx.config`, beside its `jsApiList`. */
export interface JsSdkConfig {
  readonly appId: string
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly nonceStr: string
  readonly signature: string
}

/** The account's signatures for the JS-SDK. */
export interface JsSdk {
  /**
   * Signs one page for the browser that shows it.
   *
   * @param url as the browser has it, with its query; what follows `#` is not signed
   * @throws {ArgumentError} when it is no http:// or https:// address
   * @throws {TokenError} when there is no ticket
   */
  signJsSdk(url: string): Promise<JsSdkConfig>
}

/**
 * Milliseconds that a ticket is believed to live at most: another program may have fetched it before us, and WeChat tells
 * everyone 7200 s.
 */
const LONGEST_LIFE = 1_800_000
/** Milliseconds: a page is waiting, and so are the other processes. */
const TIMEOUT = 2500

/** Signatures for pages that use the JS-SDK. One process fetches the ticket for all that share the store. */
export function createJsSdk(options: JsSdkOptions): JsSdk {
  const { appId, appSecret, store, log, now = Date.now, random = Math.random, nonce = randomNonce } = options
  const tickets = createTokenProvider({
    appId,
    secret: appSecret,
    endpoint: jsapiTicket(options.client),
    store,
    log,
    now,
    random,
  })
  return {
    async signJsSdk(url) {
      const page = signedPart(url)
      const { value: ticket } = await tickets.get()
      const timestamp = Math.floor(now() / 1000)
      const nonceStr = nonce()
      return { appId, timestamp, nonceStr, signature: pageSignature(ticket, nonceStr, timestamp, page) }
    },
  }
}

/**
 * The signature of the JS-SDK documentation: the four in this order and case, nothing encoded, SHA-1 in hex.
 *
 * @param timestamp seconds since 1970
 * @param url without `#` and what follows it
 */
export function pageSignature(ticket: string, nonceStr: string, timestamp: number, url: string): string {
  return hash('sha1', `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`)
}

function signedPart(url: string): string {
  if (!/^https?:\/\/[^\s#]/.test(url)) {
    throw new ArgumentError('signJsSdk', 'url', {
      en: 'must be the address of the page, beginning with http:// or https://',
      zh: '必须是以 http:// 或 https:// 开头的页面网址',
    })
  }
  return url.split('#', 1)[0] ?? url
}

function randomNonce(): string {
  return randomBytes(8).toString('hex')
}

/** A ticket is fetched and kept exactly as an access token is. */
function jsapiTicket(client: Pick<Client, 'jssdk'>): TokenEndpoint {
  return {
    name: 'jsapi_ticket',
    async fetch() {
      try {
        const { ticket, expires_in } = await client.jssdk.ticket({ type: 'jsapi' }, { timeout: TIMEOUT })
        if (!isTokenValue(ticket) || !(expires_in > 0)) throw withoutTicket()
        return { value: ticket, lifetime: Math.min(expires_in * 1000, LONGEST_LIFE) }
      } catch (error) {
        throw asTokenError(error)
      }
    },
  }
}

function withoutTicket(): TokenError {
  return new TokenError('MALFORMED', false, {
    en: 'GET /cgi-bin/ticket/getticket: the answer holds no ticket that can be used; look for a proxy or a wrong "apiBase" in between',
    zh: 'GET /cgi-bin/ticket/getticket：应答中没有可用的 ticket；请检查中间的代理或 "apiBase"',
  })
}

/** The one error that the provider keeps an old ticket for, and waits after. */
function asTokenError(error: unknown): unknown {
  const options = { cause: error }
  if (error instanceof ApiError) {
    const lasting = error.errorClass === 'P' || error.errorClass === 'D'
    return new TokenError(error.errcode, lasting, { en: error.message, zh: error.zh }, options)
  }
  if (!(error instanceof TransportError)) return error
  return new TokenError(error.reason, false, { en: error.message, zh: error.zh }, options)
}
