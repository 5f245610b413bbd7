import t from 'tap'
import { createApp } from '../../../src/dispatch/composer.ts'
import type { Script } from '../../../src/dispatch/dialogue/dialogue.ts'
import { conversation } from '../conversation.ts'
import { appWith, orderScript } from './order.ts'

t.test('a dialogue that the program no longer has is ended politely', async t => {
  const before = conversation(appWith(orderScript))
  await before.say('order')
  const app = createApp().on('text', ctx => `heard ${ctx.message.Content}`)
  app.dialogue('survey', orderScript)
  const after = conversation(app, before.surroundings)
  t.equal(await after.say('2'), '抱歉，刚才的对话已失效，请重新开始。')
  t.strictSame(after.lines, [
    'weixin warn: a dialogue was ended: the program has changed since it began dialogue=order',
  ])
  t.equal(await after.say('2'), 'heard 2')
})

t.test('a dialogue that no longer asks what was answered is ended politely', async t => {
  const asks: Script = async ctx => `${await ctx.ask('A?')} ${await ctx.ask('B?')}`
  const works: Script = async ctx => `${await ctx.once(() => 'a')} ${await ctx.ask('B?')}`
  const asked = conversation(appWith(asks))
  await asked.say('order')
  await asked.say('a')
  t.equal(await conversation(appWith(works, { changed: 'Sorry.' }), asked.surroundings).say('b'), 'Sorry.')
  const worked = conversation(appWith(works))
  await worked.say('order')
  t.equal(await conversation(appWith(asks, { changed: 'Sorry.' }), worked.surroundings).say('b'), 'Sorry.')
  t.equal(await worked.say('b'), 'heard b')
})
