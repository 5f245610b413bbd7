import fs from 'node:fs'
import type { Exchange } from '../../src/simulator/exchange.ts'

/** Code for the owner's part of a bundle: notes in `file` each beginning and each end of a run of a handler. */
export function notingHandlers(file: string): string {
  return `const soakNote = (what, number) =>
    require('node:fs').appendFileSync(${JSON.stringify(file)}, what + ' ' + number + ' ' + process.pid + '\\n')
  const soak = work => async ctx => {
    const number = ctx.match[1]
    soakNote('begin', number)
    const answer = await work(ctx)
    soakNote('end', number)
    return answer + ' ' + number
  }
  const soakSleep = seconds => new Promise(resolve => setTimeout(resolve, seconds * 1000))
  app.hears(/^quick (\\d+)/, soak(() => 'quick'))
  app.hears(/^session (\\d+)/, soak(ctx => { ctx.session.count = (ctx.session.count ?? 0) + 1; return 'session' }))
  app.hears(/^slow (\\d+)/, soak(async () => { await soakSleep(2); return 'slow' }))
  app.hears(/^late (\\d+)/, soak(async () => { await soakSleep(7); return 'late' }))
  app.hears(/^api (\\d+)/, soak(async ctx => {
    try { await ctx.client.user.list() } catch (error) { soakNote('error', error.message.slice(0, 120).replaceAll(' ', '_')) }
    return 'api'
  }))`
}

/** A message that was sent, and how it ended. */
export interface Entry {
  readonly number: number
  readonly words: string
  readonly exchange: Exchange
}

/** The books at the end. */
export interface Balance {
  readonly messages: number
  readonly answeredAtOnce: number
  readonly redelivered: number
  /** Answered with words, and sent afterwards as a customer-service message. */
  readonly sentLater: number
  /** Messages whose handlers need a session or the deliveries to come, while the store was away. */
  readonly withoutStore: number
  /** Neither answered at once nor with a later delivery. */
  readonly lost: readonly string[]
  /** Answered with something else than its own answer. */
  readonly wrong: readonly string[]
  /** Run again because the process was killed that had begun, or the store was away. */
  readonly takenOver: number
  /** Run again for no such reason. */
  readonly twice: readonly string[]
}

/**
 * Compares what was sent with what ran.
 *
 * @param killed the processes that were killed
 * @param sent the customer-service messages
 * @param isExcused whether the store was away while a message was under way, so that nobody could know of its run
 */
export function balance(
  entries: readonly Entry[],
  file: string,
  killed: ReadonlySet<number>,
  sent: ReadonlySet<string>,
  isExcused: (exchange: Exchange) => boolean,
): Balance {
  const runs = readRuns(file)
  const missing = entries.filter(({ words, exchange }) => exchange.state !== 'answered' && !sent.has(words))
  const lost = missing.filter(({ words, exchange }) => !(/^(session|late)/.test(words) && isExcused(exchange)))
  const other = entries.filter(({ exchange, words }) => contentOf(exchange) !== words)
  const wrong = other.filter(({ exchange, words }) => exchange.state === 'answered' && !sent.has(words))
  const again = entries.filter(({ number }) => (runs.get(number)?.length ?? 0) > 1)
  // As CGI a run that was taken over may end with its process, which the last delivery does not let wait, and go over again.
  const twice = again.filter(
    ({ number, exchange }) => !runs.get(number)?.some(pid => killed.has(pid)) && !isExcused(exchange),
  )
  const redelivered = entries.filter(({ exchange }) => exchange.deliveries.length > 1).length
  return {
    messages: entries.length,
    answeredAtOnce: entries.length - redelivered,
    redelivered,
    sentLater: other.filter(({ words }) => sent.has(words)).length,
    withoutStore: missing.length - lost.length,
    lost: lost.map(describe),
    wrong: wrong.map(describe),
    takenOver: again.length - twice.length,
    twice: twice.map(describe),
  }
}

function contentOf({ reply }: Exchange): string | undefined {
  return reply?.type === 'text' ? reply.content : undefined
}

function describe({ words, exchange }: Entry): string {
  const deliveries = exchange.deliveries.map(
    ({ response, milliseconds, verdict }) =>
      `${response?.status ?? '-'} after ${Math.round(milliseconds)} ms (${verdict?.reason.en ?? ''})`,
  )
  return `${words}, ${exchange.mode}, ${new Date(exchange.startedAt).toISOString()}: ${deliveries.join(', ')}`
}

/** The processes that began with each message. */
function readRuns(file: string): ReadonlyMap<number, readonly number[]> {
  const runs = new Map<number, number[]>()
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    const [what, number, pid] = line.split(' ')
    if (what !== 'begin') continue
    const mine = runs.get(Number(number)) ?? []
    mine.push(Number(pid))
    runs.set(Number(number), mine)
  }
  return runs
}
