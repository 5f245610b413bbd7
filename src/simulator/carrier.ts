import { type Bilingual, WeixinError } from '../errors.ts'
import type { Clock } from './clock.ts'
import {
  type Course,
  type Delivery,
  deliverToScript,
  deliverToUrl,
  PATIENCE_MS,
  requestHeaders,
  targetOf,
} from './deliver.ts'
import type { Attempt, ReceivedResponse, Trouble, Verdict } from './exchange.ts'
import type { JournalEntry } from './journal.ts'

/** Where the responder is: behind a URL, or a script that is run with a piped CGI environment. */
export type Target =
  | { readonly url: string }
  | { readonly script: string; readonly environment: Readonly<Record<string, string | undefined>> }

/** What is thought of a response. */
export type Judge = (response: Pick<ReceivedResponse, 'status' | 'headers' | 'body'>) => Verdict

/** Sends the request of an entry once, as its attempt of this number, and notes how it went. */
export type Carrier = (entry: JournalEntry, number: number, judge: Judge) => Promise<Attempt>

/** Milliseconds between the pieces of a body in a slow network: more than half of the patience is gone with the last. */
const SLOW_PAUSE = 700

/** Carries to one responder, with the platform's patience. */
export function createCarrier(target: Target, clock: Clock): Carrier {
  async function transmit(
    delivery: Delivery,
    judge: Judge,
    trouble: Trouble | undefined,
  ): Promise<Pick<Attempt, 'response' | 'verdict'>> {
    const limit = new AbortController()
    const over = new AbortController()
    clock.sleep(PATIENCE_MS, over.signal).then(() => limit.abort())
    const { signal } = limit
    const pause = () => clock.sleep(SLOW_PAUSE, signal)
    try {
      const outcome = await send(target, delivery, { signal, ...(trouble === 'slow-network' && { pause }) })
      if (signal.aborted) return { verdict: notTaken(TOO_LATE) }
      const { status, headers, body, log } = outcome
      const verdict = judge(outcome)
      const decrypted = verdict.xml !== undefined && verdict.xml !== body && { decrypted: verdict.xml }
      return { response: { status, headers, body, log, ...decrypted }, verdict }
    } catch (error) {
      if (signal.aborted) return { verdict: notTaken(TOO_LATE) }
      if (!(error instanceof WeixinError)) throw error
      return { verdict: notTaken({ en: error.message, zh: error.zh }) }
    } finally {
      over.abort()
    }
  }

  return async (entry, number, judge) => {
    const { delivery, exchange } = entry
    const startedAt = clock.now()
    const begun: Attempt = { number, startedAt, request: requestOf(delivery, target), milliseconds: 0 }
    entry.note(begun)
    const result = await transmit(delivery, judge, exchange.trouble)
    const done = { ...begun, ...result, milliseconds: clock.now() - startedAt }
    entry.note(done)
    return done
  }
}

const TOO_LATE: Bilingual = {
  en: 'no answer within 5 s; WeChat has dropped the connection',
  zh: '5 秒内没有回复；微信已断开连接',
}

function notTaken(reason: Bilingual): Verdict {
  return { taken: false, reason }
}

function send(target: Target, delivery: Delivery, course: Course) {
  if ('url' in target) return deliverToUrl(target.url, delivery, course)
  return deliverToScript(target.script, target.environment, delivery, course)
}

function requestOf({ method, query, body }: Delivery, target: Target): Attempt['request'] {
  const headers = requestHeaders(body)
  if (!('url' in target) || !URL.canParse(target.url)) return { method, target: `/?${query}`, headers, body }
  const { host, pathname, search } = targetOf(target.url, query)
  return { method, target: pathname + search, headers: { Host: host, ...headers }, body }
}
