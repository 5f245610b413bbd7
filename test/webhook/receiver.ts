import { randomBytes } from 'node:crypto'
import type { Account } from '../../src/account.ts'
import { openEnvelope, readEnvelope, type Seal, seal } from '../../src/crypto/envelope.ts'
import { sign } from '../../src/crypto/signature.ts'
import { createApp } from '../../src/dispatch/composer.ts'
import { createDispatch } from '../../src/dispatch/dispatch.ts'
import type { Answer, Handler } from '../../src/dispatch/handler.ts'
import type { GatewayRequest } from '../../src/gateway/request.ts'
import { createLogger } from '../../src/log.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { type ParsedReply, parseReply } from '../../src/reply/parse.ts'
import { createWebhook } from '../../src/webhook.ts'
import { APP_ID, CREDENTIALS, KEY, TOKEN } from '../crypto/vectors.ts'

/** The second in which everything happens, unless a test says otherwise. */
export const NOW = 1893456000

/** Query parameters that the Token of the tests has signed. */
export const SIGNED = 'signature=37042fb7a52e1804cfc711349e6b839fef326386&timestamp=1893456000&nonce=772019364'

export const ACCOUNT = 'gh_a0b1c2d3e4f5'
export const FOLLOWER = 'oQ7xExampleFan0001'

export const PLAIN: Account = { name: 'default', mode: 'plain', tokens: [TOKEN] }
export const COMPATIBLE: Account = { name: 'default', mode: 'compatible', tokens: [TOKEN], credentials: CREDENTIALS }
export const SAFE: Account = { ...COMPATIBLE, mode: 'safe' }

export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A webhook in a room of its own, with all that it logged and all that reached the handler. */
export interface Receiver {
  readonly receive: (request: Partial<GatewayRequest>) => Promise<Received>
  /** What it complained about, and its line for each request that it answered. */
  readonly log: readonly string[]
  readonly answered: readonly string[]
  readonly handled: readonly IncomingMessage[]
}

export interface ReceiverOptions {
  readonly account?: Account
  /** The only handler; without it the follower's text is sent back after `echo:`. */
  readonly answer?: (...args: Parameters<Handler>) => Answer | Promise<Answer>
  /** Unix seconds. */
  readonly now?: number
  readonly replayWindow?: number
  readonly deadline?: number
  readonly random?: (size: number) => Buffer
  readonly logContents?: boolean
}

export function createReceiver(options: ReceiverOptions = {}): Receiver {
  const { account = PLAIN, answer = echo, now = NOW, replayWindow = 300, deadline = 4500 } = options
  const lines: string[] = []
  const answered: string[] = []
  const handled: IncomingMessage[] = []
  const log = createLogger(line => (line.startsWith('weixin info: answered ') ? answered : lines).push(line), 'debug')
  const app = createApp().use((context, next) => {
    handled.push(context.message)
    return answer(context, next)
  })
  const webhook = createWebhook({
    account,
    dispatch: createDispatch(app, { log, limit: deadline, lint: false }),
    replayWindow,
    log,
    logContents: options.logContents ?? false,
    // In the middle of the second: seconds are rounded down.
    now: () => now * 1000 + 500,
    elapsed: () => 0,
    random: options.random ?? randomBytes,
  })
  return {
    async receive(request) {
      const complete = {
        method: 'GET',
        path: '/',
        query: '',
        contentType: '',
        contentEncoding: '',
        body: Buffer.alloc(0),
      }
      const { status, headers, body } = await webhook({ ...complete, ...request })
      return { status, headers, body: body.toString() }
    },
    log: lines,
    answered,
    handled,
  }
}

const echo: Handler = ({ message }) => {
  if (message.MsgType === 'text') return `echo:${message.Content}`
  return message.MsgType === 'event' ? `echo:${message.Event}` : undefined
}

/** A text as WeChat posts it; `content` is put into CDATA as it is. */
export function textXml(content: string): string {
  return messageXml(`<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>1</MsgId>`)
}

/** A message from the follower to the account with these elements. */
export function messageXml(elements: string): string {
  return (
    `<xml><ToUserName><![CDATA[${ACCOUNT}]]></ToUserName><FromUserName><![CDATA[${FOLLOWER}]]></FromUserName>` +
    `<CreateTime>1893455999</CreateTime>${elements}</xml>`
  )
}

/** A rightly signed message in plain mode. */
export function plainPost(xml: string | Buffer): Partial<GatewayRequest> {
  return { method: 'POST', query: SIGNED, contentType: 'text/xml', body: Buffer.from(xml) }
}

const TO = `<ToUserName><![CDATA[${ACCOUNT}]]></ToUserName>`

/** What may differ from a message that WeChat encrypts for the account of the tests. */
export interface Sealing extends Partial<Seal> {
  /** Put in place of what `xml` was encrypted to, and rightly signed. */
  readonly encrypt?: string
  readonly msgSignature?: string
  /** The elements beside Encrypt: ToUserName in safe mode, the whole message in compatible mode. */
  readonly beside?: string
}

/** A message in safe mode, or with `beside` in compatible mode. */
export function sealedPost(xml: string, changes: Sealing = {}): Partial<GatewayRequest> {
  const {
    token = TOKEN,
    key = KEY,
    appId = APP_ID,
    timestamp = String(NOW),
    nonce = '772019364',
    beside = TO,
  } = changes
  const encrypt = changes.encrypt ?? seal(xml, { token, key, appId, timestamp, nonce, random: randomBytes }).encrypt
  const msgSignature = changes.msgSignature ?? sign(token, timestamp, nonce, encrypt)
  return {
    ...plainPost(`<xml>${beside}<Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`),
    query:
      `signature=${sign(token, timestamp, nonce)}&timestamp=${timestamp}&nonce=${nonce}&openid=${FOLLOWER}` +
      `&encrypt_type=aes&msg_signature=${msgSignature}`,
  }
}

/** The elements of a message, to stand beside Encrypt. */
export function elementsOf(xml: string): string {
  return xml.slice('<xml>'.length, -'</xml>'.length)
}

/** What an encrypted reply says, after everything that WeChat checks. */
export function openReply({ body }: Received, credentials = CREDENTIALS): ParsedReply {
  return parseReply(openEnvelope(readEnvelope(body), credentials).xml)
}
