import { randomBytes } from 'node:crypto'
import type { Account } from '../../src/account.ts'
import { createApp } from '../../src/dispatch/composer.ts'
import { createDispatch } from '../../src/dispatch/dispatch.ts'
import type { Handler } from '../../src/dispatch/handler.ts'
import type { GatewayRequest } from '../../src/gateway/request.ts'
import { type GatewayResponse, serializeResponse } from '../../src/gateway/response.ts'
import { createLogger } from '../../src/log.ts'
import { createWebhook } from '../../src/webhook.ts'
import { FOLLOWER, NOW } from '../webhook/receiver.ts'
import { promise } from './target.ts'

/** What is promised to a client who asks for anything at all. A 500 never is, where Token and key are configured. */
const STATUSES = [200, 400, 403, 405, 413, 415]

/** A webhook that keeps nothing, and whose every answer and line of the log is looked at. */
export function createWatched(account: Account, handler: Handler) {
  let defect: string | undefined
  const log = createLogger((line, level) => {
    if (level === 'error') defect = line
    promise(!line.includes(FOLLOWER), 'no OpenID in the log')
    promise(!line.includes('\n'), 'one line of the log each')
  }, 'debug')
  const webhook = createWebhook({
    account,
    dispatch: createDispatch(createApp().use(handler), { log, limit: 4500, lint: true }),
    replayWindow: 300,
    log,
    now: () => NOW * 1000,
    elapsed: () => 0,
    random: randomBytes,
  })
  const nothing = { method: 'GET', path: '/', query: '', contentType: '', contentEncoding: '', body: Buffer.alloc(0) }
  return async (request: Partial<GatewayRequest>): Promise<GatewayResponse> => {
    defect = undefined
    const response = await webhook({ ...nothing, ...request })
    const { status, body } = response
    promise(STATUSES.includes(status), `the status ${status} (${defect})`)
    promise(defect === undefined, `no error in the log: ${defect}`)
    promise(status === 200 || body.length < 40, 'one neutral line for what is refused')
    serializeResponse(response, request.method ?? 'GET')
    return response
  }
}

export const echo: Handler = ({ message }) => (message.MsgType === 'text' ? message.Content : undefined)
