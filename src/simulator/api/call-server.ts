import type { RequestListener, ServerResponse } from 'node:http'
import type { Account } from './account.ts'
import { answerCall, type Outgoing, tooLarge } from './call.ts'
import type { ApiCall, TroubleRule } from './fake-api.ts'
import { MOST_BYTES, receive } from './receive.ts'
import type { Troubles } from './troubles.ts'
import { withoutSecrets } from './without-secrets.ts'

/** Who answers, and who is told of every answer. */
export interface CallServerOptions {
  readonly account: Account
  readonly troubles: Troubles
  readonly record: (call: ApiCall) => void
}

/** Answers HTTP requests as the API, with the troubles that are wanted, and records each. */
export function createCallServer({ account, troubles, record }: CallServerOptions): RequestListener {
  let count = 0
  return async (request, response) => {
    const at = account.now()
    const received = await receive(request, response)
    if (!received) return
    const { body, target } = received
    const { pathname: path, searchParams: query, origin: base } = target
    const { method = '' } = request
    const contentType = request.headers['content-type'] ?? ''
    const trouble = troubles.befalls(path)
    const call = { method, path, query, body, contentType, base }
    const outgoing = body.length > MOST_BYTES ? tooLarge(account) : answerCall(call, account, errcodeOf(trouble))
    // Recorded first: whoever has the answer finds the call.
    record({
      ...{ id: String(++count), at, method, path, query: withoutSecrets(target.search) },
      body: shown(body, contentType),
      status: trouble === 'stall' ? 0 : outgoing.status,
      answer: trouble === 'stall' ? '' : answerShown(outgoing),
      errcode: outgoing.errcode,
      milliseconds: account.now() - at,
    })
    respond(response, outgoing, trouble)
  }
}

function respond(response: ServerResponse, { status, headers, body }: Outgoing, trouble: Trouble): void {
  if (trouble === 'stall') return
  response.writeHead(status, headers)
  if (trouble === 'cut') response.write(body.subarray(0, body.length / 2), () => response.destroy())
  else response.end(body)
}

type Trouble = TroubleRule['trouble'] | undefined

/** Characters of a body or an answer that are kept. */
const KEPT_TEXT = 20_000

function errcodeOf(trouble: Trouble): number | undefined {
  return typeof trouble === 'number' ? trouble : undefined
}

function shown(body: Buffer, contentType: string): string {
  return /^multipart/i.test(contentType) ? `${contentType.split(';')[0]}, ${body.length} bytes` : readable(body)
}

function answerShown({ headers, body }: Outgoing): string {
  const type = headers['Content-Type'] ?? ''
  return /json|html/.test(type) ? readable(body) : `${type}, ${body.length} bytes`
}

function readable(bytes: Buffer): string {
  return withoutSecrets(bytes.toString()).slice(0, KEPT_TEXT)
}
