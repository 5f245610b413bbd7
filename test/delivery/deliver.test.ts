import t from 'tap'
import { createDelivery, type DeliveryOptions } from '../../src/delivery/deliver.ts'
import type { Ladder } from '../../src/delivery/ladder.ts'
import { createRecords, type Records } from '../../src/delivery/records.ts'
import type { Dispatch } from '../../src/dispatch/dispatch.ts'
import { createLogger } from '../../src/log.ts'
import { messageKey } from '../../src/message/key.ts'
import { parseMessage } from '../../src/message/parse.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { text } from '../../src/reply/build.ts'
import type { Reply } from '../../src/reply/types.ts'
import { composeMessage } from '../../src/simulator/message.ts'
import { createStoreLedger } from '../../src/store/ledger.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { parseXml } from '../../src/xml/parse.ts'
import { VirtualClock } from './virtual-clock.ts'

const LADDER: Ladder = { deliveries: 3, inline: 4500, hold: 10_000, limit: 60_000 }

const NOTHING = { MsgType: 'none' }
const THINKING = text('still thinking')
const LATER = text('it will be sent')

function message(kind: string, value: string, msgId: string, fromUserName = 'oFan'): IncomingMessage {
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
function createWorld(handlerTakes: (message: IncomingMessage) => number = () => 0) {
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
function watch(answer: Promise<Reply>): { reply?: Reply } {
  const watched: { reply?: Reply } = {}
  answer.then(reply => {
    watched.reply = reply
  })
  return watched
}

t.test('a message that is delivered again gets the first reply, and the handlers run once', async t => {
  const { runs, process } = createWorld()
  const [one, other] = [process(), process()]
  const incoming = message('text', 'hello', '1')
  t.strictSame(await one(incoming), text('answer to hello'))
  t.strictSame(await one(incoming), text('answer to hello'))
  t.strictSame(await other(incoming), text('answer to hello'))
  t.strictSame(runs, ['hello'])
})

t.test('two followers whose messages have the same MsgId both get their own answer', async t => {
  const { runs, process } = createWorld()
  const deliver = process()
  await deliver(message('text', 'a', '1', 'oOne'))
  t.strictSame(await deliver(message('text', 'b', '1', 'oTwo')), text('answer to b'))
  t.strictSame(runs, ['a', 'b'])
})

t.test('an answer after 9 s reaches the second delivery, in the same process or another', async t => {
  for (const processes of ['same', 'other']) {
    const { clock, runs, process } = createWorld(() => 9000)
    const first = process()
    const second = processes === 'same' ? first : process()
    const incoming = message('text', 'slow', '1')
    watch(first(incoming))
    await clock.advance(5000)
    const again = watch(second(incoming))
    await clock.advance(3900)
    t.equal(again.reply, undefined, 'not before it is there')
    await clock.advance(200)
    t.strictSame(again.reply, text('answer to slow'))
    t.strictSame(runs, ['slow'])
  }
})

t.test('the first delivery is left open as long as WeChat may wait, and then ended', async t => {
  const { clock, process } = createWorld(() => 60_000)
  const first = watch(process()(message('text', 'slow', '1')))
  await clock.advance(9999)
  t.equal(first.reply, undefined)
  await clock.advance(1)
  t.strictSame(first.reply, NOTHING)
})

t.test('an answer after 14 s reaches the third delivery', async t => {
  const { clock, runs, process } = createWorld(() => 14_000)
  const incoming = message('text', 'slow', '1')
  watch(process()(incoming))
  await clock.advance(5000)
  watch(process()(incoming))
  await clock.advance(5000)
  const third = watch(process()(incoming))
  await clock.advance(4100)
  t.strictSame(third.reply, text('answer to slow'))
  t.strictSame(runs, ['slow'])
})

t.test('after the third delivery the follower is told, and the next message fetches the answer, once', async t => {
  const { clock, runs, log, process } = createWorld(incoming => (incoming.fields['Content'] === 'slow' ? 20_000 : 0))
  const deliver = process()
  const incoming = message('text', 'slow', '1')
  watch(deliver(incoming))
  await clock.advance(5000)
  watch(deliver(incoming))
  await clock.advance(5000)
  const third = watch(deliver(incoming))
  await clock.advance(4500)
  t.strictSame(third.reply, THINKING)
  await clock.advance(10_000)
  t.strictSame(await process()(message('text', 'and?', '2')), text('answer to slow'))
  t.strictSame(await deliver(message('text', 'and?', '2')), text('answer to slow'), 'delivered again')
  t.strictSame(await deliver(message('text', 'next', '3')), text('answer to next'))
  t.strictSame(runs, ['slow', 'next'])
  t.match(log.join('\n'), /no answer after the last delivery kind=text step="kept for the next message"/)
  t.match(log.join('\n'), /a kept answer was fetched/)
})

t.test('a follower who asks before the kept answer is ready waits for it', async t => {
  const { clock, process } = createWorld(incoming => (incoming.fields['Content'] === 'slow' ? 20_000 : 0))
  const deliver = process()
  const incoming = message('text', 'slow', '1')
  for (const pause of [5000, 5000, 6000]) {
    watch(deliver(incoming))
    await clock.advance(pause)
  }
  const asked = watch(process()(message('text', 'and?', '2')))
  await clock.advance(3900)
  t.equal(asked.reply, undefined)
  await clock.advance(200)
  t.strictSame(asked.reply, text('answer to slow'))
})

t.test('an account that may sends the late answer as a customer-service message, once', async t => {
  const sent: Reply[] = []
  const { clock, process } = createWorld(() => 20_000)
  const deliver = process({ sendLater: async (_message, reply) => sent.push(reply) > 0 })
  const incoming = message('text', 'slow', '1')
  watch(deliver(incoming))
  await clock.advance(5000)
  watch(deliver(incoming))
  await clock.advance(5000)
  const third = watch(deliver(incoming))
  await clock.advance(4500)
  t.strictSame(third.reply, LATER)
  await clock.advance(6000)
  t.strictSame(sent, [text('answer to slow')])
})

t.test('a late answer that cannot be sent is kept for the next message', async t => {
  const { clock, process } = createWorld(incoming => (incoming.fields['Content'] === 'slow' ? 20_000 : 0))
  const deliver = process({ sendLater: async () => false })
  const incoming = message('text', 'slow', '1')
  for (const pause of [5000, 5000, 11_000]) {
    watch(deliver(incoming))
    await clock.advance(pause)
  }
  t.strictSame(await deliver(message('text', 'and?', '2')), text('answer to slow'))
})

t.test('when the process that was answering is killed, a later delivery runs the handlers', async t => {
  const { clock, records, runs, log, process } = createWorld()
  const incoming = message('text', 'hello', '1')
  await records.claim(messageKey(incoming), 'the run of a process that is gone')
  await clock.advance(5000)
  const second = watch(process()(incoming))
  await clock.advance(1100)
  t.strictSame(second.reply, text('answer to hello'))
  t.strictSame(runs, ['hello'])
  t.match(log.join('\n'), /whoever was answering is gone; the handlers run again/)
})

t.test('a run that takes long keeps its claim', async t => {
  const { clock, runs, process } = createWorld(() => 30_000)
  const incoming = message('text', 'slow', '1')
  watch(process()(incoming))
  await clock.advance(29_000)
  watch(process()(incoming))
  await clock.advance(5000)
  t.strictSame(runs, ['slow'])
})

t.test('nothing is kept for an event whose reply WeChat does not show', async t => {
  const { clock, process } = createWorld(incoming => (incoming.kind === 'event:VIEW' ? 20_000 : 0))
  const deliver = process()
  const incoming = message('event:VIEW', 'https://example.com/', '')
  const answers = []
  for (const pause of [5000, 5000, 15_000]) {
    answers.push(watch(deliver(incoming)))
    await clock.advance(pause)
  }
  t.strictSame(answers[2]?.reply, NOTHING)
  t.strictSame(await deliver(message('text', 'hello', '2')), text('answer to hello'))
})

t.test('without its store the responder answers all the same, and says so', async t => {
  const { runs, log, process } = createWorld()
  const broken = new Proxy({} as Records, {
    get: () => async () => {
      throw new StoreError('EIO', { en: 'the store is away', zh: '存储不可用' })
    },
  })
  const deliver = process({ records: broken })
  t.strictSame(await deliver(message('text', 'hello', '1')), text('answer to hello'))
  t.strictSame(runs, ['hello'])
  t.match(log.join('\n'), /weixin error: the store is away/)
})

t.test('without its store a slow handler runs once for all deliveries that reach its process', async t => {
  const { clock, records, runs, process } = createWorld(() => 7000)
  let isAway = true
  const unsteady = new Proxy(records, {
    get: (target, name) =>
      isAway
        ? async () => {
            throw new StoreError('EIO', { en: 'the store is away', zh: '存储不可用' })
          }
        : target[name as keyof Records],
  })
  const deliver = process({ records: unsteady })
  const slow = message('text', 'slow', '1')
  watch(deliver(slow))
  await clock.advance(5000)
  const again = watch(deliver(slow))
  await clock.advance(1000)
  isAway = false
  const third = watch(deliver(slow))
  await clock.advance(1000)
  t.strictSame(again.reply, text('answer to slow'))
  t.strictSame(third.reply, text('answer to slow'), 'also one that comes when the store is back')
  t.strictSame(await deliver(slow), text('answer to slow'), 'and it is known from then on')
  t.strictSame(runs, ['slow'])
})

t.test('a delivery that loses the store while it waits for another process gets an answer of its own', async t => {
  const { records, runs, process } = createWorld()
  const lost = new Proxy(records, {
    get: (target, name) =>
      name === 'progress'
        ? async () => {
            throw new StoreError('EIO', { en: 'the store is away', zh: '存储不可用' })
          }
        : target[name as keyof Records],
  })
  const hello = message('text', 'hello', '1')
  await records.claim(messageKey(hello), 'a run of another process')
  t.strictSame(await process({ records: lost })(hello), text('answer to hello'))
  t.strictSame(runs, ['hello'])
})

t.test('two late answers to one follower are fetched one after the other', async t => {
  const { clock, process } = createWorld(incoming => (/^slow/.test(String(incoming.fields['Content'])) ? 20_000 : 0))
  const deliver = process()
  const [first, second] = [message('text', 'slow 1', '1'), message('text', 'slow 2', '2')]
  for (const pause of [5000, 5000, 15_000]) {
    watch(deliver(first))
    watch(deliver(second))
    await clock.advance(pause)
  }
  t.strictSame(await deliver(message('text', 'a', '3')), text('answer to slow 1'))
  t.strictSame(await deliver(message('text', 'b', '4')), text('answer to slow 2'))
  t.strictSame(await deliver(message('text', 'c', '5')), text('answer to c'))
})

t.test('a run that takes over after the follower was told does not wait for itself', async t => {
  const { clock, records, runs, process } = createWorld()
  const incoming = message('text', 'hello', '1')
  await records.claim(messageKey(incoming), 'the run of a process that is gone')
  await records.keep('oFan', messageKey(incoming))
  const again = watch(process()(incoming))
  await clock.advance(7000)
  t.strictSame(again.reply, text('answer to hello'))
  t.strictSame(runs, ['hello'])
})

t.test('an account whose answer was promised gets it sent by the run that takes over', async t => {
  const sent: Reply[] = []
  const { clock, records, process } = createWorld()
  const incoming = message('text', 'hello', '1')
  await records.claim(messageKey(incoming), 'the run of a process that is gone')
  await records.divert(messageKey(incoming))
  watch(process({ sendLater: async (_message, reply) => sent.push(reply) > 0 })(incoming))
  await clock.advance(7000)
  t.strictSame(sent, [text('answer to hello')])
})

t.test('where the process is killed during the last delivery, the answer that was promised is still sent', async t => {
  const sent: Reply[] = []
  const { clock, records, runs, process } = createWorld()
  const deliver = process({ sendLater: async (_message, reply) => sent.push(reply) > 0 })
  const incoming = message('text', 'hello', '1')
  await records.claim(messageKey(incoming), 'the run of a process that will be killed')
  for (let renewed = 1; renewed <= 5; renewed++) {
    await clock.advance(2000)
    await records.renew(messageKey(incoming), 'the run of a process that will be killed')
    if (renewed === 3) watch(deliver(incoming))
  }
  const last = watch(deliver(incoming))
  await clock.advance(4500)
  t.strictSame([last.reply, sent], [LATER, []])
  await clock.advance(7000)
  t.strictSame([sent, runs], [[text('answer to hello')], ['hello']])
})

t.test(
  'the last delivery is known as the last, even where the claim of a killed process ended just before it',
  async t => {
    const { clock, records, runs, process } = createWorld(() => 9000)
    const deliver = process()
    const incoming = message('text', 'slow', '1')
    await records.claim(messageKey(incoming), 'the run of a process that is gone')
    await clock.advance(5000)
    await records.countDelivery(messageKey(incoming), 3)
    await clock.advance(5000)
    const last = watch(deliver(incoming))
    await clock.advance(4500)
    t.strictSame(last.reply, THINKING)
    await clock.advance(5000)
    t.strictSame(await deliver(message('text', 'and?', '2')), text('answer to slow'))
    t.strictSame(runs, ['slow'])
  },
)

t.test('where one delivery is all there is, it is answered in time and the answer kept', async t => {
  const { clock, process } = createWorld(incoming => (incoming.fields['Content'] === 'slow' ? 9000 : 0))
  const deliver = process({ ladder: { ...LADDER, deliveries: 1 } })
  const only = watch(deliver(message('text', 'slow', '1')))
  await clock.advance(4500)
  t.strictSame(only.reply, THINKING)
  await clock.advance(5000)
  t.strictSame(await deliver(message('text', 'and?', '2')), text('answer to slow'))
})

t.test('when a follower leaves, the answers that wait for him are erased', async t => {
  const { clock, records, process } = createWorld(({ kind }) => (kind === 'text' ? 9000 : 0))
  const incoming = message('text', 'slow', '1')
  const deliver = process({ ladder: { ...LADDER, deliveries: 1 } })
  void deliver(incoming)
  await clock.advance(9500)
  t.strictSame(await records.progress(messageKey(incoming)), { reply: text('answer to slow') })
  await deliver(message('event:unsubscribe', '', ''))
  t.equal(await records.kept('oFan'), undefined)
  t.strictSame(await records.progress(messageKey(incoming)), { reply: NOTHING })
})

t.test('a run whose claim was lost meanwhile still leaves its reply for the others, unless there is one', async t => {
  const { records } = createWorld()
  await records.claim('message', 'the run that took over')
  await records.finish('message', 'the run that stood still', text('first'), false)
  await records.finish('message', 'the run that took over', text('second'), false)
  t.strictSame(await records.progress('message'), { reply: text('first') })
})
