import { createDelivery, type DeliveryOptions } from '../../src/delivery/deliver.ts'
import type { Ladder } from '../../src/delivery/ladder.ts'
import { createRecords } from '../../src/delivery/records.ts'
import type { Dispatch } from '../../src/dispatch/dispatch.ts'
import { createLogger } from '../../src/log.ts'
import { parseMessage } from '../../src/message/parse.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { text } from '../../src/reply/build.ts'
import type { Reply } from '../../src/reply/types.ts'
import { composeMessage } from '../../src/simulator/message.ts'
import { createStoreLedger } from '../../src/store/ledger.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { parseXml } from '../../src/xml/parse.ts'
import { VirtualClock } from './virtual-clock.ts'

export const LADDER: Ladder = { deliveries: 3, inline: 4500, hold: 10_000, limit: 60_000 }
export const NOTHING = { MsgType: 'none' }
export const THINKING = text('still thinking')
export const LATER = text('it will be sent')

export function message(kind: string, value: string, msgId: string, fromUserName = 'oFan'): IncomingMessage {
  const xml = composeMessage({
    kind,
    values: [value],
    toUserName: 'gh_a',
    fromUserName,
    createTime: 1893456000,
    msgId,
  })
  return parseMessage(parseXml(Buffer.from(xml)))
}

/** A world with its own time and store; `process()` is one of many processes that share them. */
export function createWorld(handlerTakes: (message: IncomingMessage) => number = () => 0) {
  const clock = new VirtualClock()
  const store = createMemoryStore(() => clock.now())
  const records = createRecords({ ledger: createStoreLedger(store), store, account: 'default', keepFor: 86_400_000 })
  const runs: string[] = []
  const log: string[] = []
  let runIds = 0
  const dispatch: Dispatch = async incoming => {
    const content = String(incoming.fields['Content'] ?? incoming.kind)
    runs.push(content)
    const takes = handlerTakes(incoming)
    if (takes > 0) await clock.sleep(takes)
    return text(`answer to ${content}`)
  }
  const process = (options: Partial<DeliveryOptions> = {}) =>
    createDelivery({
      dispatch,
      records,
      ladder: LADDER,
      clock,
      log: createLogger(line => log.push(line)),
      createRunId: () => `run ${runIds++}`,
      words: { later: () => LATER, thinking: () => THINKING },
      ...options,
    })
  return { clock, records, runs, log, process }
}

/** What a promise has come to, without waiting for it. */
export function watch(answer: Promise<Reply>): { reply?: Reply } {
  const watched: { reply?: Reply } = {}
  answer.then(reply => {
    watched.reply = reply
  })
  return watched
}
