import type { Exchange } from '../../src/simulator/exchange.ts'
import type { Platform } from '../../src/simulator/platform.ts'
import type { Random } from '../fuzz/random.ts'
import type { Entry } from './ledger.ts'

/** What is on its way, and what has come of it. */
export interface Traffic {
  readonly entries: readonly Entry[]
  /** Messages that answer with nothing, access checks, and strangers, by how they ended. */
  readonly others: readonly Exchange[]
  /** Sends no more; resolves when everything has ended. */
  stop(): Promise<void>
}

const KINDS = ['quick', 'quick', 'quick', 'quick', 'quick', 'quick', 'session', 'session', 'api', 'slow'] as const
const SILENT = ['event:VIEW', 'event:unsubscribe', 'event:TEMPLATESENDJOBFINISH', 'event:LOCATION'] as const
const STRANGE = ['wrong-signature', 'replay', 'garbage'] as const

/**
 * Messages of all kinds from many followers, so many a second, in all three modes.
 *
 * @param begin the number of the first; the next is one more
 */
export function startTraffic(platform: Platform, perSecond: number, random: Random, begin: number): Traffic {
  const entries: Entry[] = []
  const others: Exchange[] = []
  const running = new Set<Promise<unknown>>()
  let number = begin

  function follow(work: Promise<void>): void {
    running.add(work)
    work.finally(() => running.delete(work))
  }

  function note(done: Promise<Exchange>): void {
    follow(
      done.then(exchange => {
        others.push(exchange)
      }),
    )
  }

  const openid = () => `oSoakFollower${random.below(5000)}`

  function push(): void {
    platform.mode = random.one(['plain', 'compatible', 'safe'], 'plain')
    const kind = random.below(100)
    if (kind < 3) {
      note(platform.accessCheck().done)
      return
    }
    if (kind < 8) {
      note(platform.push({ kind: random.one(SILENT, 'event:VIEW'), openid: openid() }).done)
      return
    }
    if (kind < 13) {
      note(platform.push({ kind: 'text', openid: openid() }, random.one(STRANGE, 'replay')).done)
      return
    }
    // One of a hundred takes longer than a delivery waits.
    const words = `${kind < 14 ? 'late' : random.one(KINDS, 'quick')} ${++number}`
    const mine = number
    const trouble = kind < 14 ? undefined : kind < 16 ? 'duplicate' : kind < 17 ? 'slow-network' : undefined
    const { done } = platform.push({ kind: 'text', openid: openid(), values: [words] }, trouble)
    follow(
      done.then(exchange => {
        entries.push({ number: mine, words, exchange })
      }),
    )
  }

  const timer = setInterval(push, 1000 / perSecond)
  return {
    entries,
    others,
    async stop() {
      clearInterval(timer)
      while (running.size > 0) await Promise.all(running)
    },
  }
}
