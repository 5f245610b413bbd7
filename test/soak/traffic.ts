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

  const follow = (work: Promise<void>) => {
    running.add(work)
    work.finally(() => running.delete(work))
  }
  const openid = () => `oSoakFollower${random.below(500)}`

  function push(): void {
    platform.mode = random.one(['plain', 'compatible', 'safe'], 'plain')
    const kind = random.below(100)
    if (kind < 3) return follow(platform.accessCheck().done.then(exchange => void others.push(exchange)))
    if (kind < 8) {
      const silent = platform.push({ kind: random.one(SILENT, 'event:VIEW'), openid: openid() })
      return follow(silent.done.then(exchange => void others.push(exchange)))
    }
    if (kind < 13) {
      const stranger = platform.push({ kind: 'text', openid: openid() }, random.one(STRANGE, 'replay'))
      return follow(stranger.done.then(exchange => void others.push(exchange)))
    }
    // One of a hundred takes longer than a delivery waits.
    const words = `${kind < 14 ? 'late' : random.one(KINDS, 'quick')} ${++number}`
    const mine = number
    const trouble = kind < 16 ? 'duplicate' : kind < 17 ? 'slow-network' : undefined
    const { done } = platform.push({ kind: 'text', openid: `${openid()}x${mine}`, values: [words] }, trouble)
    follow(done.then(exchange => void entries.push({ number: mine, words, exchange })))
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
