import t from 'tap'
import { createApp } from '../../src/dispatch/composer.ts'
import type { Trigger } from '../../src/dispatch/hears.ts'
import { contextOf, incoming, incomingEvent, incomingText } from './incoming.ts'

/** What `ctx.match` holds when this text is heard; undefined when it is not. */
async function matchOf(trigger: Trigger | readonly Trigger[], content: string): Promise<readonly string[] | undefined> {
  let match: readonly string[] | undefined
  const app = createApp().hears(trigger, ctx => {
    match = ctx.match
  })
  await app.run(contextOf(incomingText(content)))
  return match
}

t.test('a string is the whole text, blanks round it and capitals aside', async t => {
  t.strictSame(await matchOf('help', 'help'), ['help'])
  t.strictSame(await matchOf('help', ' HELP\n'), [' HELP\n'], 'as it was written')
  t.strictSame(await matchOf(' Help ', 'help'), ['help'])
  t.strictSame(await matchOf('帮助', '帮助'), ['帮助'])
  t.equal(await matchOf('help', 'help me'), undefined)
  t.equal(await matchOf('help', 'hel'), undefined)
  t.equal(await matchOf('h.lp', 'help'), undefined, 'no pattern')
})

t.test('a regular expression is searched for, and its groups are in match', async t => {
  t.strictSame(await matchOf(/weather (\w+)/, 'the weather Xiamen today'), ['weather Xiamen', 'Xiamen'])
  t.strictSame(await matchOf(/^roll\s*(\d+)?$/i, 'ROLL'), ['ROLL', ''], 'a group that took no part is empty')
  t.strictSame(await matchOf(/(?<city>厦.)/u, '去厦门'), ['厦门', '厦门'])
  t.equal(await matchOf(/^weather$/, 'weather '), undefined)
})

t.test('a pattern with the flag g or y begins at the beginning for every follower', async t => {
  for (const pattern of [/a(.)/g, /a(.)/y]) {
    const app = createApp().hears(pattern, ctx => ctx.match[1])
    for (const content of ['ab', 'ab', 'ac', 'ac']) {
      t.equal(await app.run(contextOf(incomingText(content))), content[1], `${pattern} ${content}`)
    }
  }
})

t.test('of several triggers the first that fits counts', async t => {
  const triggers = ['help', /h(e)l/, /help(.*)/]
  t.strictSame(await matchOf(triggers, 'help'), ['help'])
  t.strictSame(await matchOf(triggers, 'help me'), ['hel', 'e'])
  t.equal(await matchOf(triggers, 'hi'), undefined)
  t.equal(await matchOf([], 'hi'), undefined)
})

t.test('only texts are heard', async t => {
  const app = createApp()
    .hears(/.*/, () => 'heard')
    .use(() => 'not heard')
  t.equal(await app.run(contextOf(incomingText('x'))), 'heard')
  t.equal(await app.run(contextOf(incomingEvent('CLICK', '<EventKey>x</EventKey>'))), 'not heard')
  t.equal(await app.run(contextOf(incoming('<MsgType>link</MsgType><Title>x</Title>'))), 'not heard')
  t.equal(await app.run(contextOf(incoming('<MsgType>hologram</MsgType><Content>x</Content>'))), 'not heard')
})

t.test('match is empty elsewhere, also below a handler that passed on', async t => {
  const seen: (readonly string[])[] = []
  const app = createApp()
    .use((ctx, next) => {
      seen.push(ctx.match)
      return next()
    })
    .hears(/a(.)/, async (ctx, next) => {
      await next()
      seen.push(ctx.match)
    })
    .hears(/(.)b/, (ctx, next) => {
      seen.push(ctx.match)
      return next()
    })
    .on('text', ctx => {
      seen.push(ctx.match)
    })
  await app.run(contextOf(incomingText('ab')))
  t.strictSame(seen, [[], ['ab', 'a'], [], ['ab', 'b']])
})

t.test('all handlers of a trigger see the same match', async t => {
  const app = createApp().hears(
    /a(.)/,
    (_, next) => next(),
    ctx => ctx.match.join(),
  )
  t.equal(await app.run(contextOf(incomingText('ab'))), 'ab,b')
})
