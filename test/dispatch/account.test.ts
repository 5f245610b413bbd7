import t from 'tap'
import { createApp } from '../../src/dispatch/composer.ts'
import { conversation } from './conversation.ts'

const at = (name: string) => ({ account: { name } })

t.test('handlers of an account get its messages, and no others', async t => {
  const app = createApp()
  const shop = app.account('shop')
  shop.on('text', ctx => `shop: ${ctx.message.Content}`)
  app.account('default').on('text', ctx => `default: ${ctx.account.name}`)
  app.on('text', ctx => `any: ${ctx.account.name}`)
  t.equal(await conversation(app, at('shop')).say('hi'), 'shop: hi')
  t.equal(await conversation(app, at('club')).say('hi'), 'any: club')
  t.equal(await conversation(app).say('hi'), 'default: default', 'the only one is called default')
})

t.test('they stand in the place where the account was written down, and pass on', async t => {
  const app = createApp()
  app.hears('first', () => 'first')
  const shop = app.account('shop')
  app.on('text', () => 'last')
  shop
    .use(async (_, next) => `<${await next()}>`)
    .hears(['first', 'second'], () => 'second')
    .on('event:CLICK', ctx => `pressed ${ctx.message.EventKey}`)
  const { say, send } = conversation(app, at('shop'))
  t.equal(await say('first'), 'first')
  t.equal(await say('second'), '<second>')
  t.equal(await say('third'), '<last>')
  t.equal(await send('<MsgType>event</MsgType><Event>CLICK</Event><EventKey>k</EventKey>'), '<pressed k>')
})

t.test('an account may be written down several times', async t => {
  const app = createApp()
  app.account('shop').hears('a', () => 'A')
  app.account('shop').hears('b', () => 'B')
  const { say } = conversation(app, at('shop'))
  t.equal(await say('a'), 'A')
  t.equal(await say('b'), 'B')
})

t.test('an account has an onError of its own, or that of the app', async t => {
  const boom = () => {
    throw new Error('boom')
  }
  const app = createApp().onError(() => 'app')
  app
    .account('shop')
    .onError(() => 'shop')
    .on('text', boom)
  app.account('club').on('text', boom)
  app.on('event', boom)
  t.equal(await conversation(app, at('shop')).say('a'), 'shop')
  t.equal(await conversation(app, at('club')).say('a'), 'app')
  t.equal(await conversation(app, at('club')).event('CLICK'), 'app')
})

t.test('an account can have dialogues', async t => {
  const app = createApp()
  const shop = app.account('shop')
  shop.hears(
    'order',
    shop.dialogue('order', async ctx => `${ctx.account.name} ${await ctx.ask('What?')}`),
  )
  const { say, surroundings } = conversation(app, at('shop'))
  t.equal(await say('order'), 'What?')
  t.equal(await say('tea'), 'shop tea')
  t.equal(await conversation(app, { ...surroundings, ...at('club') }).say('order'), undefined)
})

t.test('an account that is not configured is refused with those that are', async t => {
  const app = createApp()
  app.account('shop').account('default')
  t.doesNotThrow(() => app.checkAccounts(['default', 'shop', 'club']))
  t.throws(() => app.checkAccounts(['default', 'shpo']), {
    name: 'UsageError',
    message: 'account("shop"): no such account in the configuration; there are: default, shpo',
    zh: 'account("shop")：配置中没有这个账号；现有：default、shpo',
  })
})
