import { hash } from 'node:crypto'
import type { Account } from './account.ts'
import type { RandomBytes } from './crypto/cipher.ts'
import { CryptoError } from './crypto/crypto-error.ts'
import { openEnvelope, sealEnvelope } from './crypto/envelope.ts'
import { verifySignature } from './crypto/signature.ts'
import type { Dispatch } from './dispatch/dispatch.ts'
import type { Trace } from './dispatch/trace.ts'
import type { GatewayRequest } from './gateway/request.ts'
import { type Application, type GatewayResponse, plainResponse } from './gateway/response.ts'
import type { LogFields, Logger } from './log.ts'
import { contentOf } from './message/content.ts'
import { parseMessage } from './message/parse.ts'
import type { IncomingMessage } from './message/types.ts'
import { readQuery, type WebhookQuery } from './query.ts'
import { type Refusal, refusalOf, refusals } from './refusal.ts'
import { renderReply } from './reply/render.ts'
import { parseXml, type XmlDocument } from './xml/parse.ts'

export interface WebhookOptions {
  readonly account: Account
  /** The owner's handlers. */
  readonly dispatch: Dispatch
  /** Seconds that a timestamp may be off; 0 accepts any. */
  readonly replayWindow: number
  readonly log: Logger
  /** Whether the log may hold what followers write. */
  readonly logContents?: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds since whenever, with fractions: how long answers take is measured by it. */
  readonly elapsed: () => number
  /** When by `elapsed` the only request began that there will be, a CGI process's; not given, each begins when it is here. */
  readonly begun?: number
  readonly random: RandomBytes
}

/**
 * The application of one account: answers the access check and every message and event that WeChat pushes ("Server
 * access check", "Message push" and "Message encryption" of its documentation). It never throws: a request that is
 * refused gets its status and one neutral line, and the log gets the reason. Every request is one line of the log.
 */
export function createWebhook(options: WebhookOptions): Application {
  const { account, log, elapsed } = options
  return async request => {
    const begun = options.begun ?? elapsed()
    const note: Note = { account: account.name }
    try {
      const response = await answer(request, options, note)
      log.info('answered', timed(note, elapsed() - begun))
      return response
    } catch (error) {
      return refuse(refusalOf(error), log, timed(note, elapsed() - begun))
    }
  }
}

/** What the log tells about a request. */
interface Note extends Trace {
  readonly account: string
  kind?: string
  answer?: string
  /** Tells followers apart, and not who they are. */
  follower?: string
  content?: string | undefined
}

/** To a tenth of a millisecond. */
function timed(note: Note, milliseconds: number): LogFields {
  return { ...note, ms: Math.round(milliseconds * 10) / 10 }
}

async function answer(request: GatewayRequest, options: WebhookOptions, note: Note): Promise<GatewayResponse> {
  checkRequest(request)
  const query = readQuery(request.query)
  checkSignature(query, options)
  if (request.method === 'GET') return accessCheck(query, note)

  const { document, seal } = openBody(readBody(request), query, options)
  const message = parseMessage(document)
  describe(message, options, note)
  checkAddressee(message.ToUserName, options.account)
  const reply = await options.dispatch(message, note)
  note.answer = reply.MsgType
  if (reply.MsgType === 'none') return plainText('success')

  const address = {
    toUserName: message.FromUserName,
    fromUserName: message.ToUserName,
    createTime: unixSeconds(options),
  }
  return {
    status: 200,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    body: seal(renderReply(reply, address)),
  }
}

function describe(message: IncomingMessage, { account, logContents }: WebhookOptions, note: Note): void {
  note.kind = message.kind
  note.follower = hash('sha256', `${account.name} ${message.FromUserName}`).slice(0, 8)
  if (logContents) note.content = contentOf(message)
}

function checkRequest({ method, bodyFault }: GatewayRequest): void {
  if (bodyFault === 'head-too-large') throw refusals[bodyFault]()
  if (method !== 'GET' && method !== 'POST') throw refusals.method()
  if (bodyFault) throw refusals[bodyFault]()
}

function checkAddressee(toUserName: string, { originalId = toUserName }: Account): void {
  if (toUserName !== originalId) throw refusals.otherAccount()
}

function checkSignature({ signature, timestamp, nonce }: WebhookQuery, options: WebhookOptions): void {
  const { account, replayWindow } = options
  if (verifySignature(signature, account.tokens, timestamp, nonce) === undefined) throw new CryptoError(-40001)
  const age = Math.abs(unixSeconds(options) - Number(timestamp))
  if (replayWindow > 0 && age > replayWindow) throw refusals.replay()
}

/** Longer ones than WeChat's, some 19 digits, are somebody else's idea of what we should reflect. */
const ECHOSTR_LIMIT = 256

function accessCheck({ echostr }: WebhookQuery, note: Note): GatewayResponse {
  note.kind = 'access-check'
  if (echostr === undefined || echostr.length > ECHOSTR_LIMIT) throw refusals.echostr()
  note.answer = 'echostr'
  return plainText(echostr)
}

function readBody({ body, contentEncoding }: GatewayRequest): XmlDocument {
  if (contentEncoding !== '' && contentEncoding !== 'identity') throw refusals.encoding()
  if (/^(?:\xef\xbb\xbf)?[ \t\r\n]*[{[]/.test(body.toString('latin1', 0, 64))) throw refusals.json()
  return parseXml(body)
}

/** A message that may be believed, and how the reply to it is wrapped. */
interface Opened {
  readonly document: XmlDocument
  readonly seal: (replyXml: string) => string
}

/** Plain elements are believed only where nothing better is expected; an encrypted half always comes first. */
function openBody(document: XmlDocument, query: WebhookQuery, options: WebhookOptions): Opened {
  const { credentials, mode } = options.account
  const encrypted = query.encryptType === 'aes'
  if (!encrypted && mode === 'safe') throw refusals.downgrade()
  if (!encrypted || (!credentials && document.root['FromUserName'] !== undefined)) return { document, seal: xml => xml }
  const { Encrypt: encrypt, ToUserName: outer } = document.root
  if (typeof encrypt !== 'string') throw new CryptoError(-40002)
  if (!credentials) throw refusals.noKey()
  const { timestamp, nonce, msgSignature = '' } = query
  const { xml, token, key } = openEnvelope({ encrypt, timestamp, nonce, msgSignature }, credentials)
  const inner = parseXml(xml)
  if (outer !== undefined && outer !== inner.root['ToUserName']) throw refusals.toUserName()
  const { random } = options
  const { appId } = credentials
  return {
    document: inner,
    seal: reply => sealEnvelope(reply, { token, key, appId, timestamp: String(unixSeconds(options)), nonce, random }),
  }
}

function unixSeconds({ now }: WebhookOptions): number {
  return Math.floor(now() / 1000)
}

function plainText(body: string): GatewayResponse {
  return { ...plainResponse(200, ''), body }
}

/** The answer to a request that is refused; the log gets the reason, behind what else is known about the request. */
export function refuse(refusal: Refusal, log: Logger, note: LogFields = {}): GatewayResponse {
  const { status, reason, line, message } = refusal
  log[status < 500 ? 'warn' : 'error'](message, { ...note, status, reason })
  return plainResponse(status, line, status === 405 ? { Allow: 'GET, POST' } : {})
}
