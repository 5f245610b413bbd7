import t from 'tap'
import { messageKey } from '../../src/message/key.ts'
import { text } from '../../src/reply/build.ts'
import type { Reply } from '../../src/reply/types.ts'
import { createWorld, LATER, message, THINKING, watch } from './world.ts'

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

t.test('a run whose claim was lost meanwhile still leaves its reply for the others, unless there is one', async t => {
  const { records } = createWorld()
  await records.claim('message', 'the run that took over')
  await records.finish('message', 'the run that stood still', text('first'), false)
  await records.finish('message', 'the run that took over', text('second'), false)
  t.strictSame(await records.progress('message'), { reply: text('first') })
})
