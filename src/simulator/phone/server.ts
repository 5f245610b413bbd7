import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WeixinError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { FakeApi } from '../api/fake-api.ts'
import type { Mode, SimulatedAccount } from '../exchange.ts'
import type { Platform } from '../platform.ts'
import { writeRecording } from '../recording.ts'
import { asCurl, asPipedCgi } from '../shell-command.ts'
import { createActions } from './actions.ts'
import { answer, answerJson, bodyOf, PhoneError, refuse } from './answer.ts'
import { createAudience } from './audience.ts'
import { createConversations } from './conversations.ts'
import { askedFor, sameText } from './guard.ts'
import type { PageFile } from './page.ts'
import { readDetails } from './read-json.ts'
import type { Changes, MenuButton, Snapshot } from './state.ts'

export interface PhoneOptions {
  readonly platform: Platform
  readonly api: FakeApi
  readonly account: Pick<SimulatedAccount, 'userName' | 'appId'>
  /** The URL that is tried, as the page shows it and as `curl` gets it. */
  readonly target: string
  /** Those that the responder has a key for. */
  readonly modes: readonly Mode[]
  /** What a piped CGI command needs besides the configuration. */
  readonly cgiEnvironment: Readonly<Record<string, string>>
  /** The built page, by name. */
  readonly page: ReadonlyMap<string, PageFile>
  /** Any free one if not given. */
  readonly port?: number
  readonly log: Logger
  readonly now: () => number
  readonly random: (size: number) => Buffer
}

/** A phone in the browser that is being served. */
export interface Phone {
  /** With the key that every request has to have. */
  readonly url: string
  /** Ends with every open page. */
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
const JSON_LIMIT = 4 * 1024 * 1024
const MEDIA_LIMIT = 20 * 1024 * 1024

/** Serves the phone on the loopback interface, to nobody who does not know its address. */
export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const { platform, api, account, target, modes, page, log, now, random } = options
  const key = random(24).toString('base64url')
  const audience = createAudience()
  let typing: readonly string[] = []
  let apiTrouble: Changes['apiTrouble'] = null
  let origin = ''

  const conversations = createConversations({
    now,
    openid: number => `oSim${createHash('sha256').update(`${key} ${number}`).digest('base64url').slice(0, 24)}`,
    mediaType: mediaId => api.media(mediaId)?.contentType,
    tell: audience.tell,
  })
  const pictureKey = (mediaId: string) => createHmac('sha256', key).update(mediaId).digest('base64url')
  const actions = createActions({
    platform,
    api,
    conversations,
    audience,
    modes,
    picture: mediaId => `${origin}/${pictureKey(mediaId)}/picture/${encodeURIComponent(mediaId)}`,
    troubled: rule => {
      apiTrouble = rule ?? null
      audience.tell('apiTrouble', apiTrouble)
    },
  })

  function menus(): Changes['menus'] {
    const seen = conversations.followers.map(({ openid }) => [openid, api.menuFor(openid) as readonly MenuButton[]])
    return Object.fromEntries(seen)
  }

  function snapshot(): Snapshot {
    const { followers, lines } = conversations
    const { mode, exchanges } = platform
    const { calls, qrCodes } = api
    const { userName, appId } = account
    return {
      account: { userName, appId },
      target,
      mode,
      modes,
      followers,
      lines,
      exchanges,
      calls,
      menus: menus(),
      qrCodes,
      typing,
      apiTrouble,
    }
  }

  function setTyping(openid: string, on: boolean): void {
    typing = typing.filter(each => each !== openid).concat(on ? openid : [])
    audience.tell('typing', typing)
  }

  const ends = [
    platform.subscribe(exchange => audience.tell('exchange', exchange)),
    api.onCall(call => {
      audience.tell('call', call)
      // A call may have made a QR code, or put a follower into a group that has a menu of its own.
      audience.tell('qrCodes', api.qrCodes)
      audience.tell('menus', menus())
    }),
    api.onMenu(() => audience.tell('menus', menus())),
    api.onFollowerMessage((openid, message) => {
      if (message.type === 'typing') return setTyping(openid, message.on)
      setTyping(openid, false)
      conversations.receive(openid, message)
    }),
  ]

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { port } = server.address() as AddressInfo
    const path = askedFor(request, { key, port })
    if (path === undefined) return servePicture(request, response)
    const [what = '', ...rest] = path.split('/')
    if (request.method === 'POST') return take(request, response, what, rest)
    if (request.method !== 'GET') return refuse(response, 405, { en: 'GET or POST', zh: '应为 GET 或 POST' })
    if (what === 'events') return audience.join(response, snapshot())
    if (what === 'media') return serveMedia(response, rest.join('/'))
    if (what === 'copy') return serveCommand(response, rest)
    if (what === 'fixture') return serveFixture(response, rest[0] ?? '')
    const file = page.get(path === '' ? 'index.html' : path)
    if (!file) return refuse(response, 404, { en: 'there is no such page', zh: '没有这个页面' })
    answer(response, 200, file.type, file.bytes)
  }

  /** What the page does. */
  async function take(request: IncomingMessage, response: ServerResponse, what: string, [name = '']: string[]) {
    const type = request.headers['content-type'] ?? ''
    if (what === 'media') return takeMedia(response, name, type, await bodyOf(request, MEDIA_LIMIT))
    const action = what === 'do' && Object.hasOwn(actions, name) ? actions[name] : undefined
    if (!action || type !== 'application/json')
      throw new PhoneError({ en: `no action ${name}`, zh: `没有操作 ${name}` })
    answerJson(response, 200, action(readDetails(await bodyOf(request, JSON_LIMIT))))
  }

  function takeMedia(response: ServerResponse, type: string, contentType: string, bytes: Buffer): void {
    if (type !== 'image' && type !== 'voice' && type !== 'video') {
      throw new PhoneError({ en: `no medium ${type}`, zh: `没有素材类型 ${type}` })
    }
    const mediaId = api.addMedia({ type, fileName: type, contentType, bytes })
    answerJson(response, 200, { mediaId, md5: createHash('md5').update(bytes).digest('hex') })
  }

  /** The address of a picture that a follower sent: it opens with the key of that picture alone. */
  function servePicture({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const [, given = '', mediaId = ''] = /^\/([\w-]+)\/picture\/([\w-]+)$/.exec(url) ?? []
    const { port } = server.address() as AddressInfo
    const isHere = headers.host === `${LOOPBACK}:${port}`
    if (isHere && mediaId && sameText(given, pictureKey(mediaId))) serveMedia(response, mediaId)
    else refuse(response, 403, { en: 'the address lacks its key', zh: '地址缺少密钥' })
  }

  function serveMedia(response: ServerResponse, mediaId: string): void {
    const medium = api.media(mediaId)
    const { contentType, bytes } = medium ?? NO_PICTURE
    const harmless = /^(image\/(jpeg|png|gif|bmp|webp)|audio\/|video\/)/.test(contentType) || !medium
    answer(response, 200, harmless ? contentType : 'application/octet-stream', bytes, INERT)
  }

  function serveCommand(response: ServerResponse, [id, number, kind]: string[]): void {
    const exchange = platform.exchanges.find(each => each.id === id)
    const attempt = exchange?.deliveries.find(each => String(each.number) === number)
    if (!attempt) throw goneError()
    const command =
      kind === 'curl'
        ? asCurl(attempt.request, target)
        : asPipedCgi(attempt.request, 'cgi-bin/weixin', options.cgiEnvironment)
    answer(response, 200, 'text/plain; charset=utf-8', `${command}\n`)
  }

  function serveFixture(response: ServerResponse, id: string): void {
    const exchange = platform.exchanges.find(each => each.id === id)
    if (!exchange) throw goneError()
    answer(response, 200, 'application/json; charset=utf-8', writeRecording([exchange]))
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(error => {
      if (!(error instanceof WeixinError))
        log.error('the page asked for something that failed', { reason: String(error) })
      if (response.headersSent) {
        response.destroy()
        return
      }
      const reason = error instanceof WeixinError ? { en: error.message, zh: error.zh } : UNEXPECTED
      refuse(response, error instanceof WeixinError ? 400 : 500, reason)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: LOOPBACK, port: options.port ?? 0 }, resolve)
  })
  origin = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`
  return {
    url: `${origin}/${key}/`,
    close: () => {
      for (const end of ends) end()
      audience.leave()
      return new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

/** Whatever it is, it runs no script. */
const INERT = { 'Content-Security-Policy': "default-src 'none'; sandbox" }

/** Stands in for what this machine does not hold. */
const NO_PICTURE = {
  contentType: 'image/svg+xml',
  bytes: Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 120" width="160" height="120"><rect width="160" height="120" fill="#dcdfe4"/><path d="M50 82l20-24 14 15 10-12 18 21zM96 46a5 5 0 1 0 .1 0z" fill="#9aa3ad"/></svg>',
  ),
}

const UNEXPECTED = { en: 'something unexpected happened; the terminal says what', zh: '发生了意外错误；详见终端' }

function goneError(): PhoneError {
  return new PhoneError({ en: 'this exchange is not kept any more', zh: '这次收发已不再保留' })
}
