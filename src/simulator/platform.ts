import { randomBytes } from 'node:crypto'
import { decodeAesKey, type RandomBytes } from '../crypto/cipher.ts'
import { WeixinError } from '../errors.ts'
import { createCarrier, type Judge, type Target } from './carrier.ts'
import { type Clock, realTime } from './clock.ts'
import type { Delivery } from './deliver.ts'
import {
  ACCESS_CHECK,
  type Attempt,
  type Exchange,
  type Mode,
  type SimulatedAccount,
  type Trouble,
} from './exchange.ts'
import { createJournal, type JournalEntry } from './journal.ts'
import { type PlatformMessage, type PushedMessage, pushedMessage } from './pushed-message.ts'
import { sealMessage, signAccessCheck, signMessage } from './sign.ts'
import { judgeAccessCheck, judgeDefence, judgeReply } from './verdict.ts'

/** A push that is under way. */
export interface RunningExchange {
  readonly begun: Exchange
  /** Resolves to the exchange as it ended; never rejects. */
  readonly done: Promise<Exchange>
}

/** WeChat's servers as one account sees them. */
export interface Platform {
  /** How the next message goes out; the access check is always in plain. */
  mode: Mode
  /** @throws {ComposeError} {XmlError} when there is no such message */
  push(message: PlatformMessage, trouble?: Trouble): RunningExchange
  /** What the console does when its form is saved. */
  accessCheck(): RunningExchange
  /**
   * Sends the very first request of an exchange again, with its old timestamp, once: what a stranger does who saw it.
   *
   * @throws {WeixinError} when there is no such exchange any more
   */
  replay(id: string): RunningExchange
  /** Newest last, the last 500. */
  readonly exchanges: readonly Exchange[]
  /** Tells of an exchange at its beginning and at every change, each time with a new object; returns how to end that. */
  subscribe(listener: (exchange: Exchange) => void): () => void
}

/** Which account it plays, and against whom. */
export interface PlatformOptions {
  readonly target: Target
  readonly account: SimulatedAccount
  /** `plain` if not given. */
  readonly mode?: Mode
  /** The machine's if not given. */
  readonly clock?: Clock
  /** Those of node:crypto if not given. */
  readonly random?: RandomBytes
}

/** How often a message is delivered that is not answered ("Passive reply"). */
const DELIVERIES = 3
/** Seconds after which a recorded request comes as a replay; responders allow for five minutes at most. */
const REPLAY_AGE = 3600

type About = Pick<Exchange, 'kind' | 'openid' | 'xml'> & Partial<Pick<Exchange, 'mode'>>

/** A platform that has sent nothing yet: a closure over its journal, and so longer than its parts. */
export function createPlatform(options: PlatformOptions): Platform {
  const { target, account, clock = realTime, random = randomBytes } = options
  const journal = createJournal()
  const attempt = createCarrier(target, clock)
  const key = decodeAesKey(account.aesKey)
  let mode: Mode = options.mode ?? 'plain'
  let count = 0

  const seconds = () => Math.floor(clock.now() / 1000)

  function sign(message: PushedMessage, trouble: Trouble | undefined): Delivery {
    const { xml, toUserName, fromUserName: openid } = message
    const stamp = {
      token: trouble === 'wrong-signature' ? `${account.token}x` : account.token,
      timestamp: String(trouble === 'replay' ? seconds() - REPLAY_AGE : seconds()),
      nonce: String(random(4).readUInt32BE()),
    }
    if (mode === 'plain') return signMessage(stamp, xml, openid)
    return sealMessage(mode, { ...stamp, key, appId: account.appId, random }, xml, { toUserName, openid })
  }

  function open(about: About, delivery: Delivery, trouble?: Trouble): JournalEntry {
    const id = String(++count)
    const startedAt = clock.now()
    const { kind, openid, xml, mode: sentIn = mode } = about
    const what = { kind, openid, xml, mode: sentIn, ...(trouble && { trouble }) }
    return journal.open({ id, startedAt, deliveries: [], state: 'running', ...what }, delivery)
  }

  /** The next delivery goes out when the one before timed out, broke or had another status than 200. */
  async function deliver(entry: JournalEntry, judge: Judge): Promise<Exchange> {
    const attempts: Attempt[] = []
    if (entry.exchange.trouble === 'duplicate') {
      attempts.push(...(await Promise.all([attempt(entry, 1, judge), attempt(entry, 2, judge)])))
    } else attempts.push(await attempt(entry, 1, judge))
    while (attempts.length < DELIVERIES && attempts.every(isRepeated)) {
      attempts.push(await attempt(entry, attempts.length + 1, judge))
    }
    return entry.close(endOf(attempts))
  }

  async function intrude(entry: JournalEntry, age?: number): Promise<Exchange> {
    await attempt(entry, 1, response => judgeDefence(response, age))
    return entry.close({ state: 'silent' })
  }

  async function check(entry: JournalEntry, echostr: string): Promise<Exchange> {
    const { verdict } = await attempt(entry, 1, response => judgeAccessCheck(response, echostr))
    return entry.close({ state: verdict?.taken ? 'answered' : 'failed' })
  }

  const running = (entry: JournalEntry, done: Promise<Exchange>): RunningExchange => ({ begun: entry.exchange, done })

  return {
    get mode() {
      return mode
    },
    set mode(value) {
      mode = value
    },
    push(what, trouble) {
      const postmark = { toUserName: account.userName, createTime: seconds(), msgId: digits(17, random) }
      const message = pushedMessage(what, postmark)
      const signed = sign(message, trouble)
      const delivery = trouble === 'garbage' ? { ...signed, body: garbage(random) } : signed
      const entry = open({ ...message, openid: message.fromUserName }, delivery, trouble)
      if (trouble && STRANGERS.includes(trouble)) return running(entry, intrude(entry))
      const expected = { ...message, mode, account, isEvent: message.event !== undefined }
      return running(
        entry,
        deliver(entry, response => judgeReply(response, expected)),
      )
    },
    accessCheck() {
      const echostr = digits(19, random)
      const nonce = String(random(4).readUInt32BE())
      const delivery = signAccessCheck({ token: account.token, timestamp: String(seconds()), nonce }, echostr)
      const entry = open({ kind: ACCESS_CHECK, openid: '', xml: '' }, delivery)
      return running(entry, check(entry, echostr))
    },
    replay(id) {
      const former = journal.find(id)
      if (!former) throw new WeixinError({ en: `there is no exchange ${id} any more`, zh: `已没有编号为 ${id} 的交互` })
      const age = Math.floor((clock.now() - former.exchange.startedAt) / 1000)
      const entry = open(former.exchange, former.delivery, 'replay')
      return running(entry, intrude(entry, age))
    },
    get exchanges() {
      return journal.exchanges
    },
    subscribe: journal.subscribe,
  }
}

/** The troubles that are not the platform's, but somebody's who has seen a signed URL. */
const STRANGERS: readonly Trouble[] = ['wrong-signature', 'replay', 'garbage']

function isRepeated({ response, verdict }: Attempt): boolean {
  return !verdict?.taken && response?.status !== 200
}

function endOf(attempts: readonly Attempt[]): Pick<Exchange, 'state' | 'reply'> {
  const taken = attempts.find(({ verdict }) => verdict?.taken)?.verdict
  if (!taken) return { state: 'failed' }
  return taken.reply ? { state: 'answered', reply: taken.reply } : { state: 'silent' }
}

function digits(count: number, random: RandomBytes): string {
  const number = BigInt(`0x${random(8).toString('hex')}`)
  // The first is no zero, and the whole fits into 64 bits.
  return `2${(number % 10n ** BigInt(count - 1)).toString().padStart(count - 1, '0')}`
}

function garbage(random: RandomBytes): string {
  return `<xml><ToUserName>${random(12).toString('base64')}<![CDATA[`
}
