import t from 'tap'
import { text } from '../../src/reply/build.ts'
import { createWorld, message, NOTHING, watch } from './world.ts'

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

t.test('a run that takes long keeps its claim', async t => {
  const { clock, runs, process } = createWorld(() => 30_000)
  const incoming = message('text', 'slow', '1')
  watch(process()(incoming))
  await clock.advance(29_000)
  watch(process()(incoming))
  await clock.advance(5000)
  t.strictSame(runs, ['slow'])
})
