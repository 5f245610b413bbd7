import { randomBytes, randomInt } from 'node:crypto'
import { type Seal, seal } from '../../crypto/envelope.ts'
import { sign } from '../../crypto/signature.ts'
import type { Mode } from '../exchange.ts'
import { composeMessage } from '../message.ts'
import { type Stamp, sealMessage, signMessage } from '../sign.ts'
import { expectNoReply, findReply, one, type Reply, takenReply } from './judge.ts'
import { NoAnswer, type Wire, type WireAnswer, type WireRequest } from './wire.ts'

/** What the platform knows of the account whose responder is looked at. */
export interface PlayedAccount {
  readonly token: string
  readonly mode: Mode
  /** Needed in compatible and safe mode. */
  readonly appId?: string
  /** From `decodeAesKey`; needed in compatible and safe mode. */
  readonly key?: Buffer
  /** The account's original id, `gh_…`, which messages are addressed to. */
  readonly toUserName: string
}

/** What all checks of a run share. */
export interface Stage {
  readonly account: PlayedAccount
  readonly wire: Wire
  /** Milliseconds that the platform waits for an answer. */
  readonly patience: number
  /** How many messages the latencies are measured with. */
  readonly messages: number
  /** Milliseconds of each of these messages; filled by the check that measures. */
  readonly latencies: number[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The check since which the responder does not answer any more. */
  gone?: string
  /** What several checks judge, and what it took to learn it; asked for once. */
  readonly shared: Map<string, Promise<Shared>>
}

/** Something that was found out once, and the requests that it took. */
export interface Shared {
  readonly value: unknown
  readonly traces: readonly Trace[]
}

/** A request and what came of it, for whoever wants to see it. */
export interface Trace {
  readonly request: WireRequest
  readonly answer?: WireAnswer
}

/** A message or event of a follower, in plain. */
export interface PlayedMessage {
  readonly xml: string
  readonly from: string
}

/** Query parameters by name, or a query string as it stands. */
export type Query = Readonly<Record<string, string>> | string

/** Further elements of a message by name, or others than the usual. */
export type Fields = Readonly<Record<string, string>>

/** What a check plays the platform with. */
export interface Player {
  readonly stage: Stage
  readonly account: PlayedAccount
  readonly traces: readonly Trace[]
  /** The three parameters that prove the Token. */
  sign(other?: Partial<Stamp>): { readonly signature: string; readonly timestamp: string; readonly nonce: string }
  get(query: Query, headers?: WireRequest['headers']): Promise<WireAnswer>
  post(query: Query, body: string | Buffer, headers?: WireRequest['headers']): Promise<WireAnswer>
  send(method: string, query: Query, body: string | Buffer, headers?: WireRequest['headers']): Promise<WireAnswer>
  /** A message of a follower who never wrote before, unless `fields` says otherwise; `inside` is XML to put at its end. */
  compose(kind: string, values?: readonly string[], fields?: Fields, inside?: string): PlayedMessage
  /** Sends it as the platform would in a mode, the account's if not given. */
  deliver(message: PlayedMessage, mode?: Mode): Promise<WireAnswer>
  /** A body in safe mode, and the query that belongs to it; `other` says what is wrong with it. */
  seal(xml: string | Buffer, other?: Partial<Seal>): { readonly query: Record<string, string>; readonly body: string }
  /** Delivers, and gives the reply that WeChat would take. */
  ask(message: PlayedMessage, mode?: Mode): Promise<Reply | undefined>
  /** The reply in an answer that WeChat would take. */
  read(answer: WireAnswer): Reply | undefined
  /** The reply in an answer, whatever its status. */
  findReply(answer: WireAnswer): Reply | undefined
  /** Delivers a document that is no message, in every place where the mode has one: outside, and encrypted. */
  smuggle(document: string | Buffer): Promise<readonly WireAnswer[]>
  /** @throws {Finding} when what deserved no reply got one */
  expectNoReply(answer: WireAnswer): void
  /** Does `work` the first time it is asked for under this name, and gives what came of it every time. */
  once<T>(name: string, work: (player: Player) => Promise<T>): Promise<T>
  /** Whether this responder sends a text back as its own reply, so that what becomes of characters can be seen. */
  echoes(): Promise<boolean>
}

/** A player for one check, with the requests it makes on record. */
export function createPlayer(stage: Stage): Player {
  const { account } = stage
  const traces: Trace[] = []
  const player: Player = {
    stage,
    account,
    traces,
    sign: other => signed({ ...stampOf(stage), ...other }),
    get: (query, headers) => player.send('GET', query, '', headers),
    post: (query, body, headers) => player.send('POST', query, body, headers),
    async send(method, query, body, headers) {
      const request = { method, query: queryString(query), body: Buffer.from(body), ...(headers && { headers }) }
      try {
        const answer = await stage.wire(request)
        traces.push({ request, answer })
        return answer
      } catch (error) {
        if (error instanceof NoAnswer) traces.push({ request })
        throw error
      }
    },
    compose: (kind, values = [], fields = {}, inside = '') => compose(stage, kind, values, fields, inside),
    deliver(message, mode = account.mode) {
      const { query, body } = deliveryOf(stage, message, mode)
      return player.post(query, body)
    },
    seal: (xml, other) => sealed({ ...sealOf(stage), ...other }, xml, account.toUserName),
    ask: async (message, mode) => player.read(await player.deliver(message, mode)),
    read: answer => takenReply(answer, account.key),
    findReply: answer => findReply(answer, account.key),
    async smuggle(document) {
      if (account.mode === 'plain') return [await player.post({ ...player.sign(), openid: createFollower() }, document)]
      const inside = player.seal(document)
      return [await player.post(inside.query, inside.body), await player.post(inside.query, document)]
    },
    expectNoReply: answer => expectNoReply(answer, account.key),
    async once<T>(name: string, work: (player: Player) => Promise<T>) {
      const shared = stage.shared.get(name) ?? doOnce(stage, work)
      stage.shared.set(name, shared)
      const { value, traces: further } = await shared
      traces.push(...further)
      return value as T
    },
    echoes: () => player.once('echo', findEcho),
  }
  return player
}

async function doOnce(stage: Stage, work: (player: Player) => Promise<unknown>): Promise<Shared> {
  const player = createPlayer(stage)
  return { value: await work(player), traces: player.traces }
}

async function findEcho(player: Player): Promise<boolean> {
  const word = `echo${randomInt(2 ** 47)}`
  const reply = await player.ask(player.compose('text', [word]))
  return one(reply?.root['Content']) === word
}

function stampOf({ account, now }: Stage): Stamp {
  return { token: account.token, timestamp: String(Math.floor(now() / 1000)), nonce: String(randomInt(2 ** 31)) }
}

function sealOf(stage: Stage): Seal {
  const { appId = '', key = Buffer.alloc(32) } = stage.account
  return { ...stampOf(stage), appId, key, random: randomBytes }
}

function signed({ token, timestamp, nonce }: Stamp) {
  return { signature: sign(token, timestamp, nonce), timestamp, nonce }
}

function sealed(using: Seal, xml: string | Buffer, toUserName: string) {
  const { encrypt, msgSignature } = seal(xml, using)
  return {
    query: { ...signed(using), encrypt_type: 'aes', msg_signature: msgSignature },
    body: `<xml><ToUserName><![CDATA[${toUserName}]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`,
  }
}

function compose(stage: Stage, kind: string, values: readonly string[], fields: Fields, inside: string): PlayedMessage {
  const from = fields['FromUserName'] ?? createFollower()
  const xml = composeMessage({
    kind,
    values,
    fields,
    toUserName: stage.account.toUserName,
    fromUserName: from,
    createTime: Math.floor(stage.now() / 1000),
    msgId: `2${String(randomInt(2 ** 47)).padStart(16, '0')}`,
  })
  return { xml: xml.replace(/<\/xml>$/, () => `${inside}</xml>`), from }
}

/** An OpenID, 28 characters, that nobody has. */
export function createFollower(): string {
  return `oConformance_${randomBytes(11).toString('base64url')}`
}

function deliveryOf(stage: Stage, { xml, from }: PlayedMessage, mode: Mode) {
  if (mode === 'plain') return signMessage(stampOf(stage), xml, from)
  return sealMessage(mode, sealOf(stage), xml, { toUserName: stage.account.toUserName, openid: from })
}

function queryString(query: Query): string {
  if (typeof query === 'string') return query
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}
