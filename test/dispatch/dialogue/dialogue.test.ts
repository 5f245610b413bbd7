import t from 'tap'
import { createApp } from '../../../src/dispatch/composer.ts'
import { conversation, textFrom } from '../conversation.ts'
import { appWith, orderScript } from './order.ts'

t.test('a dialogue asks question after question, and what it returns is the last answer', async t => {
  const { say } = conversation(appWith(orderScript))
  t.equal(await say('order'), 'Which size?\n1. S\n2. M\n3. L')
  t.equal(await say('2'), 'Where to?')
  t.equal(await say(' Xiamen '), 'M to Xiamen')
  t.equal(await say('2'), 'heard 2', 'and then it is over')
})

t.test('it goes on in a process that knows nothing but the store', async t => {
  const first = conversation(appWith(orderScript))
  const anew = () => conversation(appWith(orderScript), first.surroundings)
  t.equal(await anew().say('order'), 'Which size?\n1. S\n2. M\n3. L')
  t.equal(await anew().say('M'), 'Where to?')
  t.equal(await anew().say('Xiamen'), 'M to Xiamen')
  t.equal(await anew().say('Xiamen'), 'heard Xiamen')
})

t.test('followers and accounts have dialogues of their own', async t => {
  const app = appWith(orderScript)
  const anna = conversation(app, {}, 'oAnna')
  const bert = conversation(app, anna.surroundings, 'oBert')
  const annaAtShop = conversation(app, { ...anna.surroundings, account: { name: 'shop' } }, 'oAnna')
  await anna.say('order')
  t.equal(await bert.say('1'), 'heard 1')
  t.equal(await annaAtShop.say('1'), 'heard 1')
  await bert.say('order')
  await bert.say('3')
  await anna.say('1')
  t.equal(await anna.say('home'), 'S to home')
  t.equal(await bert.say('work'), 'L to work')
})

t.test('whoever is in a dialogue speaks to it, and to no other handler', async t => {
  const app = createApp().hears('M', () => 'not this one')
  const order = app.dialogue('order', orderScript)
  app.hears('order', order)
  const { say } = conversation(app)
  await say('order')
  t.equal(await say('M'), 'Where to?')
  t.equal(await say('order'), 'M to order')
})

t.test('what was written down above everything with use lies round dialogues too', async t => {
  const app = createApp().use(async (_, next) => `<${await next()}>`)
  const order = app.dialogue('order', orderScript)
  app.hears('order', order).use(async (_, next) => `(${await next()})`)
  const { say } = conversation(app)
  t.equal(await say('order'), '<Which size?\n1. S\n2. M\n3. L>')
  t.equal(await say('M'), '<Where to?>')
  t.equal(await say('Xiamen'), '<M to Xiamen>')
  t.equal(await say('Xiamen'), '<(undefined)>')
})

t.test('events are handled as usual, and the dialogue goes on waiting', async t => {
  const { say, event } = conversation(appWith(orderScript))
  await say('order')
  t.equal(await event('CLICK'), 'tapped')
  t.equal(await say('2'), 'Where to?')
})

t.test('an event can begin a dialogue, and one dialogue takes the place of another', async t => {
  const app = appWith(orderScript)
  app.on(
    'event:VIEW',
    app.dialogue('survey', async ctx => `you like ${await ctx.ask('What do you like?')}`),
  )
  const { say, event } = conversation(app)
  await say('order')
  t.equal(await event('VIEW'), 'What do you like?')
  t.equal(await say('tea'), 'you like tea')
  t.equal(await say('2'), 'heard 2', 'the order is forgotten')
})

t.test('a dialogue can be all there is', async t => {
  const app = createApp()
  app.use(app.dialogue('guess', async ctx => `not ${await ctx.ask('Guess!')}`))
  const { say, event } = conversation(app)
  t.equal(await event('subscribe'), 'Guess!')
  t.equal(await say('7'), 'not 7')
  t.equal(await say('8'), 'Guess!')
  t.equal(await say('9'), 'not 9')
})

t.test('the dialogue sees the message that began it, however often it is run', async t => {
  const app = createApp()
  const seen: string[] = []
  app.hears(
    /^order (\w+)$/,
    app.dialogue('order', async ctx => {
      seen.push(`${ctx.message.kind} ${ctx.match[1]} ${ctx.from} ${ctx.account.name}`)
      return `${await ctx.ask('How many?')} ${ctx.match[1]}`
    }),
  )
  const { say } = conversation(app)
  await say('order tea')
  t.equal(await say('5'), '5 tea')
  t.strictSame(seen, ['text tea oFan default', 'text tea oFan default'])
})

t.test('a message that is delivered again after a crash is not taken for the next answer', async t => {
  const { say, deliver } = conversation(appWith(orderScript))
  await say('order')
  const medium = textFrom('oFan', 'M')
  t.equal(await deliver(medium), 'Where to?')
  t.equal(await deliver(medium), 'Where to?')
  const address = textFrom('oFan', 'Xiamen')
  t.equal(await deliver(address), 'M to Xiamen')
  t.equal(await deliver(address), 'M to Xiamen', 'after the end too')
  t.equal(await say('M'), 'heard M')
})
