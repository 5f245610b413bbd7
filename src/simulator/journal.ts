import type { Delivery } from './deliver.ts'
import type { Attempt, Exchange } from './exchange.ts'
import { createListeners } from './listeners.ts'

/** The exchanges of a platform, each of which is a new object whenever something about it is new. */
export interface Journal {
  readonly exchanges: readonly Exchange[]
  open(exchange: Exchange, delivery: Delivery): JournalEntry
  find(id: string): JournalEntry | undefined
  subscribe(listener: (exchange: Exchange) => void): () => void
}

/** One exchange while it goes on. */
export interface JournalEntry {
  readonly exchange: Exchange
  /** Its first request. */
  readonly delivery: Delivery
  /** Puts an attempt in the place of the one with its number, or behind the others. */
  note(attempt: Attempt): void
  /** @returns the exchange as it ended */
  close(end: Pick<Exchange, 'state' | 'reply'>): Exchange
}

const KEPT = 500

/** A journal of the last 500 exchanges. */
export function createJournal(): Journal {
  const entries: JournalEntry[] = []
  const listeners = createListeners<[Exchange]>()

  function open(opened: Exchange, delivery: Delivery): JournalEntry {
    let exchange = opened
    const change = (changed: Partial<Exchange>) => {
      exchange = { ...exchange, ...changed }
      listeners.tell(exchange)
      return exchange
    }
    const entry: JournalEntry = {
      get exchange() {
        return exchange
      },
      delivery,
      note(attempt) {
        const others = exchange.deliveries.filter(({ number }) => number !== attempt.number)
        change({ deliveries: [...others, attempt].sort((one, other) => one.number - other.number) })
      },
      close: change,
    }
    entries.push(entry)
    if (entries.length > KEPT) entries.shift()
    change({})
    return entry
  }

  return {
    get exchanges() {
      return entries.map(({ exchange }) => exchange)
    },
    open,
    find: id => entries.find(({ exchange }) => exchange.id === id),
    subscribe: listeners.add,
  }
}
