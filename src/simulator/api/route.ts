import type { Account } from './account.ts'
import type { Form } from './multipart.ts'

/** What JSON calls an object, of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** One call, as far as routes go by it. */
export interface Asked {
  readonly query: URLSearchParams
  /** The JSON of a POST; empty for other calls. */
  readonly body: JsonObject
  /** The body as it came. */
  readonly raw: string
  /** The parts of an upload. */
  readonly form: Form
  /** Where the API is: `http://127.0.0.1:PORT`. */
  readonly base: string
}

/** JSON, unless it is something else. */
export type Answer = JsonObject | FileAnswer | PageAnswer

/** Bytes. */
export interface FileAnswer {
  readonly file: { readonly contentType: string; readonly bytes: Uint8Array; readonly fileName?: string }
}

/** For a browser: a page, or another address. */
export interface PageAnswer {
  readonly page: { readonly status: number; readonly html: string; readonly location?: string }
}

/** One path of the API. */
export interface Route {
  /** False for a call that takes no access token. */
  readonly token?: false
  /** Calls a day that a new account has. */
  readonly perDay?: number
  /** And a minute; only with a `perDay`. */
  readonly perMinute?: number
  /** Whether the body is multipart/form-data. */
  readonly form?: true
  /** @throws {ApiRefusal} */
  answer(asked: Asked, account: Account): Answer
}

/** One area of the API, by method and path. */
export type Routes = Readonly<Record<`${'GET' | 'POST'} /${string}`, Route>>

/** What a call answers that has nothing to say. */
export const OK: JsonObject = { errcode: 0, errmsg: 'ok' }
