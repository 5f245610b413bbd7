import t from 'tap'
import { createApp } from '../../src/dispatch/composer.ts'
import type { Query } from '../../src/dispatch/filter.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { contextOf, incoming, incomingEvent, incomingText } from './incoming.ts'

/** Whether a handler for these queries gets the message. */
async function reaches(query: Query | readonly Query[], message: IncomingMessage): Promise<boolean> {
  const app = createApp().on(query, () => 'reached')
  return (await app.run(contextOf(message))) === 'reached'
}

const typed = (type: string) => incoming(`<MsgType>${type}</MsgType>`)

t.test('each kind of message reaches its own query, and no other kind does', async t => {
  const types = ['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link', 'file'] as const
  for (const query of types) {
    for (const type of types) t.equal(await reaches(query, typed(type)), query === type, `${type} for ${query}`)
    t.notOk(await reaches(query, incomingEvent('CLICK')))
    t.notOk(await reaches(query, typed('hologram')))
  }
})

t.test('an event reaches the query with its name, in whatever case it came', async t => {
  t.ok(await reaches('event:CLICK', incomingEvent('CLICK')))
  t.ok(await reaches('event:SCAN', incomingEvent('scan')))
  t.ok(await reaches('event:VIEW', incomingEvent('view')))
  t.ok(await reaches('event:subscribe', incomingEvent('subscribe')))
  t.notOk(await reaches('event:CLICK', incomingEvent('VIEW')))
  t.notOk(await reaches('event:CLICK', incomingText('event:CLICK')))
})

t.test('event is every event, known or not', async t => {
  t.ok(await reaches('event', incomingEvent('CLICK')))
  t.ok(await reaches('event', incomingEvent('hologram_open')))
  t.notOk(await reaches('event', incomingText('hi')))
  t.notOk(await reaches('event', typed('hologram')))
})

t.test('message is everything known that is not an event', async t => {
  t.ok(await reaches('message', incomingText('hi')))
  t.ok(await reaches('message', typed('location')))
  t.notOk(await reaches('message', incomingEvent('CLICK')))
  t.notOk(await reaches('message', typed('hologram')))
})

t.test('unknown is a type or an event that has no name here', async t => {
  t.ok(await reaches('unknown', typed('hologram')))
  t.ok(await reaches('unknown', incomingEvent('hologram_open')))
  t.notOk(await reaches('unknown', incomingText('hi')))
  t.notOk(await reaches('unknown', incomingEvent('CLICK')))
})

t.test('of several queries one is enough, and the handler runs once', async t => {
  t.ok(await reaches(['text', 'image'], incomingText('hi')))
  t.ok(await reaches(['text', 'image'], typed('image')))
  t.notOk(await reaches(['text', 'image'], typed('voice')))
  let runs = 0
  const app = createApp().on(['message', 'text', 'text'], (_, next) => {
    runs++
    return next()
  })
  await app.run(contextOf(incomingText('hi')))
  t.equal(runs, 1)
})

t.test('the first handler that does not pass on answers', async t => {
  const app = createApp()
    .on('image', () => 'image')
    .on('text', (_, next) => next())
    .on('message', () => 'message')
    .on('text', () => 'too late')
  t.equal(await app.run(contextOf(incomingText('hi'))), 'message')
  t.equal(await app.run(contextOf(typed('image'))), 'image')
  t.equal(await app.run(contextOf(incomingEvent('CLICK'))), undefined, 'nobody is there for it')
})

t.test('several handlers of one query are layers', async t => {
  const app = createApp().on(
    'text',
    async (_, next) => `<${await next()}>`,
    ctx => ctx.message.Content,
  )
  t.equal(await app.run(contextOf(incomingText('hi'))), '<hi>')
})

t.test('when all handlers of a query pass on, the handlers below get the message', async t => {
  const app = createApp()
    .on(
      'text',
      (_, next) => next(),
      (_, next) => next(),
    )
    .use(() => 'below')
  t.equal(await app.run(contextOf(incomingText('hi'))), 'below')
})

t.test('use sees everything, and what lies round the handlers can change the answer', async t => {
  const app = createApp()
    .use(async (_, next) => `${await next()}!`)
    .on('text', ctx => ctx.message.Content)
  t.equal(await app.run(contextOf(incomingText('hi'))), 'hi!')
  t.equal(await app.run(contextOf(incomingEvent('CLICK'))), 'undefined!')
})

t.test('a misspelt query is refused when it is written down, with the permitted ones', async t => {
  const app = createApp()
  for (const query of ['txet', 'event:CLIK', 'event:click', 'Text', '', 'event:', 'constructor', 'event:toString']) {
    t.throws(() => app.on(query as Query, () => 'x'), { name: 'UsageError' }, query)
    t.throws(() => app.on(['text', query as Query], () => 'x'), { name: 'UsageError' }, `${query} beside another`)
  }
  t.throws(() => app.on('txet' as Query, () => 'x'), {
    message:
      /^on\("txet"\): no such query; permitted: message, event, unknown, text, image, voice, .*, event:subscribe, .*, event:CLICK, /,
    zh: /^on\("txet"\)：没有这个查询；允许：message、event、unknown、text、/,
  })
  t.equal(await app.run(contextOf(incomingText('hi'))), undefined, 'nothing of it was registered')
})
