import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WeixinError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { SimulatedAccount } from '../exchange.ts'
import { createListeners } from '../listeners.ts'
import { type Account, createAccount } from './account.ts'
import { keepMedia, mediaOf } from './areas/media.ts'
import { menuFor, menusOf, publishMenu } from './areas/menu.ts'
import { createCallServer } from './call-server.ts'
import type { ApiCall, FakeApi, StoredMedia } from './fake-api.ts'
import type { FollowerMessage } from './follower-message.ts'
import { ApiRefusal } from './refusal.ts'
import { limits } from './routes.ts'
import { createTroubles } from './troubles.ts'

/** Whose API it plays, and where. */
export interface FakeApiOptions {
  readonly account: SimulatedAccount
  /** 0, any free one, if not given. */
  readonly port?: number
  /** `{ button: […], conditionalmenu?: […] }`, as `weixin menu pull` writes it. */
  readonly menu?: unknown
  /** Whether an OpenID that it has never heard of is a follower who has just written. */
  readonly strangers?: boolean
  /** Told of calls that are not simulated. */
  readonly log?: Logger | undefined
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly random?: (size: number) => Buffer
}

const KEPT_CALLS = 1000
const NOT_FOUND = 40066

/**
 * Starts it on 127.0.0.1.
 *
 * @throws {WeixinError} when the port is taken, or the menu is none that WeChat would take
 */
export async function startFakeApi(options: FakeApiOptions): Promise<FakeApi> {
  const { account: identity, port = 0, menu, strangers = false, log, now = Date.now, random = randomBytes } = options
  const calls: ApiCall[] = []
  const onCall = createListeners<[ApiCall]>()
  const onFollowerMessage = createListeners<[string, FollowerMessage]>()
  const onMenu = createListeners<[]>()
  const troubles = createTroubles()
  const account = createAccount(identity, {
    ...{ now, random, strangers, calls, limits },
    deliver: onFollowerMessage.tell,
    menuChanged: onMenu.tell,
  })
  if (menu !== undefined) publish(menu, account)
  const record = (call: ApiCall) => {
    calls.push(call)
    if (calls.length > KEPT_CALLS) calls.shift()
    if (call.errcode === NOT_FOUND) log?.warn('this call is not simulated', { path: call.path })
    onCall.tell(call)
  }
  const server = createServer(createCallServer({ account, troubles, record }))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening').catch(error => {
    throw cannotListen(port, error)
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: base,
    calls,
    get menu() {
      return menusOf(account)
    },
    menuFor: openid => menuFor(openid, account),
    get qrCodes() {
      return [...account.qrCodes.values()]
    },
    get followers() {
      return account.followers.following.map(({ openid }) => openid)
    },
    media: mediaId => findMedia(mediaId, account),
    addMedia: file => keepMedia(file, account),
    noteAction: account.followers.note,
    trouble: rules => troubles.set([rules ?? []].flat()),
    get currentTrouble() {
      return troubles.current
    },
    onCall: onCall.add,
    onFollowerMessage: onFollowerMessage.add,
    onMenu: onMenu.add,
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function findMedia(mediaId: string, account: Account): StoredMedia | undefined {
  try {
    return mediaOf(mediaId, account)
  } catch {
    return undefined
  }
}

function publish(menu: unknown, account: Account): void {
  try {
    publishMenu(menu, account)
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    const why = `${error.errcode} ${error.message}`
    throw new WeixinError(
      { en: `WeChat would refuse this menu: ${why}`, zh: `微信会拒绝这个菜单：${why}` },
      { cause: error },
    )
  }
}

function cannotListen(port: number, error: NodeJS.ErrnoException): WeixinError {
  const { code } = error
  return new WeixinError(
    {
      en: `cannot listen on 127.0.0.1:${port}${code === 'EADDRINUSE' ? ': the port is in use' : ` (${code})`}`,
      zh: `无法监听 127.0.0.1:${port}${code === 'EADDRINUSE' ? '：端口已被占用' : `（${code}）`}`,
    },
    { cause: error },
  )
}
