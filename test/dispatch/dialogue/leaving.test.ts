import t from 'tap'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { conversation } from '../conversation.ts'
import { appWith, orderScript } from './order.ts'

t.test('the words for it leave a dialogue', async t => {
  for (const word of ['退出', '取消', 'cancel', ' QUIT ', 'ｑｕｉｔ']) {
    const { say } = conversation(appWith(orderScript))
    await say('order')
    t.equal(await say(word), '好的，已退出。', word)
    t.equal(await say('2'), 'heard 2')
  }
  const { say } = conversation(appWith(orderScript, { leave: ['0'], left: 'Bye.' }))
  await say('order')
  t.equal(await say('cancel'), 'Which size?\n1. S\n2. M\n3. L', 'no longer one of the words')
  t.equal(await say('0'), 'Bye.')
  t.equal(await say('0'), 'heard 0')
})

t.test('a word for it that is one of the options is the answer', async t => {
  const app = appWith(async ctx => `chosen: ${await ctx.ask('Sure?', ['确认', '取消'])}`)
  const { say } = conversation(app)
  await say('order')
  t.equal(await say('取消'), 'chosen: 取消')
})

t.test('the words for it begin again with the first question', async t => {
  const { say } = conversation(appWith(orderScript))
  await say('order')
  await say('2')
  t.equal(await say('重来'), 'Which size?\n1. S\n2. M\n3. L')
  await say('3')
  t.equal(await say('Xiamen'), 'L to Xiamen')
})

t.test('a question that nobody answers in time is forgotten, and the message is handled as usual', async t => {
  let now = 1_893_456_000_000
  const clock = { now: () => now, store: createMemoryStore(() => now) }
  const { say } = conversation(appWith(orderScript), clock)
  await say('order')
  now += 599_999
  t.equal(await say('2'), 'Where to?', 'each question has ten minutes')
  now += 600_000
  t.equal(await say('Xiamen'), 'heard Xiamen')
  const short = conversation(appWith(orderScript, { ttl: 1000 }), clock)
  await short.say('order')
  now += 1000
  t.equal(await short.say('2'), 'heard 2')
})
