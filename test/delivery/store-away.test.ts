import t from 'tap'
import type { Records } from '../../src/delivery/records.ts'
import { messageKey } from '../../src/message/key.ts'
import { text } from '../../src/reply/build.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { createWorld, message, watch } from './world.ts'

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
