import type { Bilingual } from '../errors.ts'
import type { Download } from './download.ts'
import type { FieldsOf, Schema } from './schema.ts'

/** Which accounts may make a call, as WeChat's tables of interface permissions say. */
export const ACCOUNTS = {
  any: { en: 'every account, also unverified personal ones', zh: '所有公众号，包括未认证的个人号' },
  verified: { en: 'verified accounts', zh: '已认证的公众号和服务号' },
  'verified service': { en: 'verified service accounts', zh: '已认证的服务号' },
  'verified service or public body': {
    en: 'verified service accounts, and verified accounts of government and media',
    zh: '已认证的服务号，以及已认证的政府、媒体类公众号',
  },
  retired: { en: 'no account any more, or only accounts that had it before', zh: '已停用，仅少数原有账号可用' },
} as const satisfies Readonly<Record<string, Bilingual>>

/** One of these kinds of account. */
export type Accounts = keyof typeof ACCOUNTS

/** One call of the official-account API: all that is known about it. */
export interface Endpoint {
  /**
   * Method and path. What follows the `?` names the parameters that a POST has in its query; the others are the
   * body. A GET has all of them in the query.
   */
  readonly call: `${'GET' | 'POST'} /${string}`
  readonly accounts: Accounts
  readonly params?: Schema
  /** Nothing but success, if not given. */
  readonly result?: Schema
  /** Calls a day that a new account has; more with more followers. */
  readonly perDay?: number
  readonly perMonth?: number
  /** How many days `begin_date` to `end_date` may span. */
  readonly maxDays?: number
  /** Whether a second call does nothing that the first has not done; if not given, what a GET is and a POST is not. */
  readonly repeatable?: boolean
  /** False for a call that takes no access token. */
  readonly token?: false
  /** The answer is a file, unless it is what `result` says. */
  readonly download?: true
  /** The one body parameter goes as plain text. */
  readonly sends?: 'text'
  /** A host that is not the API's. */
  readonly site?: `https://${string}`
  /** An errcode that says that an earlier call has done it, with the answer of that call. */
  readonly alsoDone?: number
}

/** The calls of one area by their names. */
export type EndpointTable = Readonly<Record<string, Endpoint>>

/** What the caller gives; where that is nothing, no name is permitted. */
export type ParametersOf<E> = E extends { readonly params: infer S }
  ? [keyof FieldsOf<S>] extends [never]
    ? Nothing
    : FieldsOf<S>
  : Nothing

type Nothing = Readonly<Record<string, never>>

/** What the caller gets. */
export type ResultOf<E> = E extends { readonly download: true }
  ? Download | (E extends { readonly result: infer S } ? FieldsOf<S> : never)
  : E extends { readonly result: infer S }
    ? FieldsOf<S>
    : undefined

/** The parts of a call. */
export interface CallParts {
  /** Method and path, as errors name it: `POST /cgi-bin/menu/create`. */
  readonly name: string
  readonly method: string
  readonly path: string
  /** The parameters that belong in the query of a POST. */
  readonly queryNames: readonly string[]
}

/** Takes the text of a call apart. */
export function splitCall(call: Endpoint['call']): CallParts {
  const [name = '', names] = call.split('?')
  const [method = '', path = ''] = name.split(' ')
  return { name, method, path, queryNames: names ? names.split('&') : [] }
}
