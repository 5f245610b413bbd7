import type { HttpAnswer, HttpCall, HttpRequest } from './http-call.ts'
import { isTokenValue, LONGEST_LIFE } from './token.ts'
import { TokenError, tokenError } from './token-error.ts'

/** A token that was given just now. */
export interface FreshToken {
  readonly value: string
  /** Milliseconds that it is valid. */
  readonly lifetime: number
}

/** One of the two ways to get a token. Tokens of the one and of the other have nothing to do with each other. */
export interface TokenEndpoint {
  readonly name: string
  /** Loads what a call needs of Node, which takes a busy machine a second. */
  prepare?(): Promise<unknown>
  /** @throws {TokenError} without the secret in it */
  fetch(appId: string, secret: string): Promise<FreshToken>
}

/** Milliseconds: what the 5 s of a message leave. */
const TIMEOUT = 2500
/** Bytes; an answer has some hundred. */
const LIMIT = 65_536

/**
 * `stable_token` ("Get stable access token" of WeChat's documentation): asked again, it gives the same token, so that
 * asking once too often does no harm. `force_refresh` is never set: it would end the token that others are using.
 *
 * @param base `https://api.weixin.qq.com`
 * @param timeout milliseconds
 */
export function stableToken(base: string, call: HttpCall, timeout = TIMEOUT): TokenEndpoint {
  return endpoint('stable_token', base, call, timeout, (appid, secret) => ({
    method: 'POST',
    url: `${base}/cgi-bin/stable_token`,
    body: JSON.stringify({ grant_type: 'client_credential', appid, secret, force_refresh: false }),
  }))
}

/**
 * `token` ("Get access token" of WeChat's documentation): every call makes a new token, and the one of before ends
 * after five minutes. For accounts of which another program depends on that.
 */
export function classicToken(base: string, call: HttpCall, timeout = TIMEOUT): TokenEndpoint {
  return endpoint('token', base, call, timeout, (appId, secret) => {
    const query = new URLSearchParams({ grant_type: 'client_credential', appid: appId, secret })
    return { method: 'GET', url: `${base}/cgi-bin/token?${query}` }
  })
}

type Question = Pick<HttpRequest, 'method' | 'url' | 'body'>

function endpoint(
  name: string,
  base: string,
  call: HttpCall,
  timeout: number,
  question: (appId: string, secret: string) => Question,
): TokenEndpoint {
  const { host, protocol } = new URL(base)
  return {
    name,
    prepare: () => (protocol === 'https:' ? import('node:https') : import('node:http')),
    async fetch(appId, secret) {
      try {
        const answer = await call({ ...question(appId, secret), timeout, limit: LIMIT })
        return readToken(answer, host, secret)
      } catch (error) {
        throw error instanceof TokenError ? error : tokenError(codeOf(error), host, undefined, error)
      }
    },
  }
}

function readToken({ status, body }: HttpAnswer, host: string, secret: string): FreshToken {
  if (status >= 300 && status < 400) throw tokenError('REDIRECT', host)
  const { errcode, errmsg, access_token: value, expires_in: seconds } = parseObject(body)
  if (typeof errcode === 'number' && errcode !== 0) throw tokenError(errcode, host, printable(errmsg, secret))
  if (status !== 200) throw tokenError(`HTTP ${status}`, host)
  if (!isTokenValue(value) || typeof seconds !== 'number' || !(seconds > 0)) throw tokenError('MALFORMED', host)
  return { value, lifetime: Math.min(seconds * 1000, LONGEST_LIFE) }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** WeChat's own words as far as they may be shown. */
function printable(errmsg: unknown, secret: string): string | undefined {
  return typeof errmsg === 'string' ? errmsg.replaceAll(secret, '***').slice(0, 200) : undefined
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return /CERT|TLS|SSL|SIGNATURE|EPROTO/.test(code) ? 'TLS' : code
}
