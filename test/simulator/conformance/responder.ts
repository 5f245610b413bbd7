import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { decodeAesKey } from '../../../src/crypto/cipher.ts'
import { openEnvelope, sealEnvelope } from '../../../src/crypto/envelope.ts'
import { sign } from '../../../src/crypto/signature.ts'
import type { Mode } from '../../../src/simulator/exchange.ts'
import { escapeCdata } from '../../../src/xml/cdata.ts'
import type { XmlElement, XmlValue } from '../../../src/xml/element.ts'
import { parseXml } from '../../../src/xml/parse.ts'

export const ACCOUNT = {
  token: 'kapokTree2031',
  appId: 'wx00d1e2f3a4b5c6d7',
  key: decodeAesKey('Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc00'),
  toUserName: 'gh_sample000001',
}

export interface Received {
  readonly method: string
  readonly query: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** A message that is believed, and what its reply goes back in. */
export interface Opened {
  readonly message: XmlElement
  readonly encrypted: boolean
}

/** Why a request is not answered. */
export class Refused extends Error {
  readonly status: number

  constructor(status: number, options?: ErrorOptions) {
    super(String(status), options)
    this.status = status
  }
}

/** What a small responder does, step by step; a defect replaces one of the steps. */
export interface Steps {
  /** Sees the request first. */
  receive(request: Received): Received | Promise<Received>
  readQuery(query: string): ReadonlyMap<string, string>
  /** The right signature. */
  sign(query: ReadonlyMap<string, string>): string
  isSigned(query: ReadonlyMap<string, string>, right: string): boolean
  isFresh(seconds: number): boolean
  echo(echostr: string): Answer
  parse(document: Buffer): XmlElement
  open(query: ReadonlyMap<string, string>, body: Buffer): Opened
  /** What says that two deliveries are of one message. */
  identity(message: XmlElement): string
  reply(message: XmlElement): string | undefined
  address(message: XmlElement, inside: string): string
  seal(xml: string): string
  send(xml: string, opened: Opened): Answer
  success(opened: Opened): Answer
  refuse(status: number, request: Received): Answer
  /** Sees the answer last; undefined cuts the connection, a promise that never resolves stays silent. */
  finish(answer: Answer, request: Received): Answer | undefined | Promise<Answer | undefined>
}

const LIMIT = 65536
const NAMES = ['signature', 'timestamp', 'nonce']
const one = (value: XmlValue | undefined) => {
  if (typeof value !== 'string') throw new Refused(400)
  return value
}

/** The steps as they should be. */
export function rightSteps(mode: Mode): Steps {
  const steps: Steps = {
    receive: request => request,
    readQuery(query) {
      const values = new Map<string, string>()
      for (const [name, value] of new URLSearchParams(query)) {
        if (values.has(name)) throw new Refused(403)
        values.set(name, value)
      }
      if (NAMES.some(name => !values.get(name))) throw new Refused(403)
      return values
    },
    sign: query => sign(ACCOUNT.token, query.get('timestamp') ?? '', query.get('nonce') ?? ''),
    isSigned: (query, right) => query.get('signature') === right,
    isFresh: seconds => Math.abs(Date.now() / 1000 - seconds) <= 300,
    echo: echostr => plain(200, echostr),
    parse(document) {
      try {
        return parseXml(document).root
      } catch {
        throw new Refused(400)
      }
    },
    open(query, body) {
      const encrypted = query.get('encrypt_type') === 'aes'
      if (!encrypted && mode === 'safe') throw new Refused(403)
      const outer = steps.parse(body)
      if (!encrypted) return { message: outer, encrypted }
      const envelope = {
        encrypt: one(outer['Encrypt']),
        timestamp: query.get('timestamp') ?? '',
        nonce: query.get('nonce') ?? '',
        msgSignature: query.get('msg_signature') ?? '',
      }
      return { message: steps.parse(openSealed(envelope)), encrypted }
    },
    identity: message =>
      JSON.stringify(['FromUserName', 'CreateTime', 'MsgId', 'Event', 'EventKey'].map(name => message[name])),
    reply(message) {
      if (message['MsgType'] === 'text') return content(one(message['Content']))
      if (message['Event'] === 'subscribe') return content('Welcome!')
      return message['MsgType'] === 'event' ? undefined : content('Thank you.')
    },
    address: (message, inside) =>
      [
        `<xml><ToUserName><![CDATA[${escapeCdata(one(message['FromUserName']))}]]></ToUserName>`,
        `<FromUserName><![CDATA[${escapeCdata(one(message['ToUserName']))}]]></FromUserName>`,
        `<CreateTime>${Math.floor(Date.now() / 1000)}</CreateTime>${inside}</xml>`,
      ].join(''),
    seal: xml => sealEnvelope(xml, sealWith()),
    send: (xml, { encrypted }) => ({
      status: 200,
      headers: { 'Content-Type': 'text/xml' },
      body: encrypted ? steps.seal(xml) : xml,
    }),
    success: () => plain(200, 'success'),
    refuse: status => plain(status, 'refused'),
    finish: answer => answer,
  }
  return steps
}

export function content(text: string): string | undefined {
  if (text.trim() === '') return undefined
  const short = Buffer.from(text)
    .subarray(0, 2000)
    .toString()
    .replace(/\ufffd$/, '')
  return `<MsgType>text</MsgType><Content><![CDATA[${escapeCdata(short)}]]></Content>`
}

export function plain(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': 'text/plain' }, body }
}

export function sealWith() {
  const { token, key, appId } = ACCOUNT
  return {
    token,
    key,
    appId,
    timestamp: String(Math.floor(Date.now() / 1000)),
    nonce: '772019364',
    random: randomBytes,
  }
}

function openSealed(envelope: Parameters<typeof openEnvelope>[0]): Buffer {
  const { token, key, appId } = ACCOUNT
  try {
    return openEnvelope(envelope, { tokens: [token], aesKeys: [key], appId }).xml
  } catch (cause) {
    throw new Refused(403, { cause })
  }
}

/** Changes some steps of a responder that does everything right. */
export type Change = (right: Steps) => Partial<Steps>

/** A responder on a port of its own; it ends with the test. */
export async function startResponder(t: Test, mode: Mode, change: Change = () => ({})): Promise<URL> {
  const steps = rightSteps(mode)
  Object.assign(steps, change({ ...steps }))
  const replies = new Map<string, string | undefined>()
  const server = createServer((request, response) => serve(steps, replies, request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/wx`)
}

async function serve(
  steps: Steps,
  replies: Map<string, string | undefined>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { method = '', url = '', headers } = incoming
  const received = { method, query: url.slice(url.indexOf('?') + 1), headers, body: Buffer.concat(chunks) }
  const answer = await steps.finish(await answerTo(steps, replies, received), received)
  if (!answer) return void response.destroy()
  response.writeHead(answer.status, {
    ...(!answer.headers?.['Transfer-Encoding'] && { 'Content-Length': Buffer.byteLength(answer.body) }),
    ...answer.headers,
  })
  response.end(answer.body)
}

async function answerTo(steps: Steps, replies: Map<string, string | undefined>, incoming: Received): Promise<Answer> {
  try {
    const request = await steps.receive(incoming)
    if (request.method !== 'GET' && request.method !== 'POST') throw new Refused(405)
    if (request.body.length > LIMIT) throw new Refused(413)
    const query = steps.readQuery(request.query)
    if (!steps.isSigned(query, steps.sign(query))) throw new Refused(403)
    if (!steps.isFresh(Number(query.get('timestamp')))) throw new Refused(403)
    if (request.method === 'GET') return steps.echo(query.get('echostr') ?? '')
    const opened = steps.open(query, request.body)
    const { message } = opened
    if (!one(message['FromUserName']) || !one(message['MsgType'])) throw new Refused(400)
    const identity = steps.identity(message)
    const inside = replies.has(identity) ? replies.get(identity) : steps.reply(message)
    replies.set(identity, inside)
    return inside === undefined ? steps.success(opened) : steps.send(steps.address(message, inside), opened)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return steps.refuse(error.status, incoming)
  }
}
