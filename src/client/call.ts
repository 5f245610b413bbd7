import type { Logger } from '../log.ts'
import { readAnswer } from './answer.ts'
import { ApiError, type RefusedCall } from './api-error.ts'
import type { Connector } from './connection.ts'
import type { ReportProgress } from './download.ts'
import { sendRequest } from './exchange.ts'
import type { Body } from './form.ts'
import type { HostList } from './hosts.ts'
import { TransportError } from './transport-error.ts'

/** Where access tokens come from. */
export interface TokenSource {
  /** The cached token, or a new one. */
  get(): Promise<{ readonly value: string }>
  /** Forgets this token, and no other: one that somebody else has fetched meanwhile stays. */
  invalidate(failedToken: string): Promise<void>
}

/** One call of the API, ready to be sent. */
export interface ApiCall extends RefusedCall {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: Body | undefined
  /** Whether it takes the account's access token. */
  readonly token: boolean
  /** Whether a second call does nothing that the first has not done. */
  readonly repeatable: boolean
  readonly download: boolean
  /** Whether files go with it, which takes longer. */
  readonly upload: boolean
  readonly alsoDone: number | undefined
  /** A host of its own. */
  readonly site: string | undefined
}

/** What the caller may say about one call. */
export interface CallOptions {
  /** Milliseconds that one attempt may take, to the last byte of the answer. */
  readonly timeout?: number
  /** Ends the call; it rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Told how far an upload or a download has come; begins again when the call is repeated. */
  readonly onProgress?: ReportProgress
}

/** What calls are made with. */
export interface CallerOptions {
  readonly tokens: TokenSource
  readonly secrets: readonly (string | undefined)[]
  readonly hosts: HostList
  readonly connector: Connector
  readonly timeout: number
  readonly transferTimeout: number
  readonly connectTimeout: number
  readonly maxAnswer: number
  readonly log: Logger | undefined
  /** 0 to 1. */
  readonly random: () => number
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<unknown>
}

/** Makes one call, with all that may have to be repeated. */
export type Caller = (call: ApiCall, options?: CallOptions) => Promise<unknown>

/** A cause to call again, each once in the life of a call. */
type Cause = 'token' | 'busy' | 'lost'

const TOKEN_CODES: readonly number[] = [40001, 40014, 42001]
const BUSY_CODE = -1
/** Milliseconds before a busy platform is asked again, and as many again at most, so that callers spread. */
const BACK_OFF = 500

/** What in a query is nobody's business. */
const SECRET_NAMES = ['access_token', 'secret', 'appsecret', 'refresh_token', 'code']

/**
 * Calls with the rules of repetition: after 40001, 40014 or 42001 the failing token is given up and the call made once
 * with the next; after -1 once after a pause; after a time-out or a lost answer once, if it is repeatable. When no
 * connection can be had, nothing was sent, and every host is tried.
 */
export function createCaller(options: CallerOptions): Caller {
  const { tokens, log, random, wait } = options
  return async (call, callOptions = {}) => {
    const spent = new Set<Cause>()
    for (;;) {
      const token = call.token ? (await tokens.get()).value : undefined
      try {
        return await tryHosts(call, token, callOptions, options)
      } catch (error) {
        const cause = causeToRepeat(error, call)
        if (cause === undefined || spent.has(cause) || callOptions.signal?.aborted) throw error
        spent.add(cause)
        log?.warn('calling the API again', { endpoint: call.endpoint, cause, ...detailsOf(error) })
        if (cause === 'token' && token !== undefined) await tokens.invalidate(token)
        if (cause === 'busy') await wait(BACK_OFF * (1 + random()))
      }
    }
  }
}

function causeToRepeat(error: unknown, call: ApiCall): Cause | undefined {
  if (error instanceof ApiError) {
    if (call.token && TOKEN_CODES.includes(error.errcode)) return 'token'
    return error.errcode === BUSY_CODE ? 'busy' : undefined
  }
  if (!(error instanceof TransportError) || !call.repeatable) return undefined
  const failed = error.reason === 'status' && Number(error.code) >= 500
  return failed || error.reason === 'timeout' || error.reason === 'lost' ? 'lost' : undefined
}

function detailsOf(error: unknown): { errcode?: number; rid?: string; reason?: string } {
  if (error instanceof ApiError) return { errcode: error.errcode, ...(error.rid !== undefined && { rid: error.rid }) }
  return error instanceof TransportError ? { reason: error.reason } : {}
}

async function tryHosts(
  call: ApiCall,
  token: string | undefined,
  callOptions: CallOptions,
  options: CallerOptions,
): Promise<unknown> {
  const { hosts, log } = options
  for (let tried = 1; ; tried++) {
    const base = call.site ?? hosts.current()
    try {
      return await attempt(base, call, token, callOptions, options)
    } catch (error) {
      if (!(error instanceof TransportError) || call.site !== undefined) throw error
      hosts.failed(base)
      if (error.sent || tried >= hosts.count) throw error
      log?.warn('no connection to the API, trying the next host', { host: new URL(base).host, reason: error.reason })
    }
  }
}

async function attempt(
  base: string,
  call: ApiCall,
  token: string | undefined,
  { timeout, signal, onProgress }: CallOptions,
  options: CallerOptions,
): Promise<unknown> {
  signal?.throwIfAborted()
  const url = new URL(base + call.path)
  if (token !== undefined) url.searchParams.set('access_token', token)
  for (const [name, value] of Object.entries(call.query)) url.searchParams.set(name, value)
  const transfer = call.upload || call.download
  const response = await sendRequest(
    {
      endpoint: call.endpoint,
      method: call.method,
      url,
      body: call.body,
      repeatable: call.repeatable,
      timeout: timeout ?? (transfer ? options.transferTimeout : options.timeout),
      connectTimeout: options.connectTimeout,
      signal,
      onProgress: call.upload ? onProgress : undefined,
    },
    options.connector,
  )
  const secrets = [token, ...options.secrets, ...SECRET_NAMES.map(name => call.query[name])]
  return readAnswer(response, {
    ...call,
    host: url.host,
    maxAnswer: options.maxAnswer,
    redact: text => redact(text, secrets),
    signal,
    onProgress: call.download ? onProgress : undefined,
  })
}

/** What is shorter is no secret that WeChat gives, and may be part of a word. */
const SHORTEST_SECRET = 8

/** An OpenID has 28 characters; WeChat repeats those that it does not like. */
const OPENID = /(?<![\w-])o[\w-]{27}(?![\w-])/g

function redact(text: string, secrets: readonly (string | undefined)[]): string {
  const clean = secrets.reduce<string>(
    (clean, secret = '') => (secret.length < SHORTEST_SECRET ? clean : clean.replaceAll(secret, '***')),
    text,
  )
  return clean.replace(OPENID, 'o***')
}
