import type { Account } from './account.ts'
import { isObject } from './fields.ts'
import { readForm } from './multipart.ts'
import { ApiRefusal, ERRMSGS, refuse } from './refusal.ts'
import type { Asked, FileAnswer, JsonObject, PageAnswer, Route } from './route.ts'
import { findRoute } from './routes.ts'
import { writeJson } from './write-json.ts'

/** A call as it came in. */
export interface IncomingCall {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly contentType: string
  readonly body: Buffer
  readonly base: string
}

/** What goes out. */
export interface Outgoing {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly errcode: number
}

/**
 * Answers one call.
 *
 * @param trouble an errcode that it is answered with whatever it asks
 */
export function answerCall(call: IncomingCall, account: Account, trouble: number | undefined): Outgoing {
  try {
    if (trouble !== undefined) throw new ApiRefusal(trouble)
    const route = findRoute(call.method, call.path)
    if (route.token !== false) account.tokens.check(call.query.get('access_token'))
    if (route.perDay) account.quotas.count(call.path, route.perDay, route.perMinute)
    return outgoing(route.answer(askedBy(call, route), account))
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    return refusal(error.errcode, error.message, account)
  }
}

/** The answer to what was too large to be read. */
export function tooLarge(account: Account): Outgoing {
  return refusal(45001, ERRMSGS[45001] ?? '', account)
}

function refusal(errcode: number, errmsg: string, account: Account): Outgoing {
  return json({ errcode, errmsg: `${errmsg} rid: ${ridOf(account)}` }, errcode)
}

function ridOf({ now, newNumber }: Account): string {
  const hex = (number: bigint) => (number % 2n ** 32n).toString(16).padStart(8, '0')
  return [BigInt(Math.floor(now() / 1000)), newNumber(), newNumber()].map(hex).join('-')
}

function askedBy({ method, query, contentType, body, base }: IncomingCall, route: Route): Asked {
  const nothing = { query, base, body: {}, raw: '', form: {} }
  if (method !== 'POST') return nothing
  if (body.length === 0) refuse(44002)
  if (route.form) return { ...nothing, form: readForm(body, contentType) }
  const raw = body.toString()
  return { ...nothing, raw, body: parsed(raw) }
}

function parsed(text: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    refuse(47001)
  }
  return isObject(value) ? value : refuse(47001)
}

function outgoing(answer: JsonObject | FileAnswer | PageAnswer): Outgoing {
  if (isFile(answer)) {
    const { contentType, bytes, fileName } = answer.file
    const disposition = fileName && { 'Content-Disposition': `attachment; filename="${fileName}"` }
    return sent(200, { 'Content-Type': contentType, ...disposition }, Buffer.from(bytes))
  }
  if (!isPage(answer)) return json(answer, 0)
  const { status, html, location } = answer.page
  return sent(
    status,
    { 'Content-Type': 'text/html; charset=UTF-8', ...(location && { Location: location }) },
    Buffer.from(html),
  )
}

function isFile(answer: object): answer is FileAnswer {
  return 'file' in answer
}

function isPage(answer: object): answer is PageAnswer {
  return 'page' in answer
}

function json(answer: JsonObject, errcode: number): Outgoing {
  return sent(200, { 'Content-Type': 'application/json; encoding=utf-8' }, Buffer.from(writeJson(answer)), errcode)
}

function sent(status: number, headers: Outgoing['headers'], body: Buffer, errcode = 0): Outgoing {
  return { status, headers: { ...headers, 'Content-Length': String(body.length) }, body, errcode }
}
