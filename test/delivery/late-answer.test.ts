import t from 'tap'
import { messageKey } from '../../src/message/key.ts'
import { text } from '../../src/reply/build.ts'
import type { Reply } from '../../src/reply/types.ts'
import { createWorld, LADDER, LATER, message, NOTHING, THINKING, watch } from './world.ts'

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
