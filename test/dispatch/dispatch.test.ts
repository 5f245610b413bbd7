import t from 'tap'
import { createApp } from '../../src/dispatch/composer.ts'
import { createDispatch } from '../../src/dispatch/dispatch.ts'
import type { Handler } from '../../src/dispatch/handler.ts'
import { createLogger } from '../../src/log.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { textFrom } from './conversation.ts'
import { incomingEvent, incomingText } from './incoming.ts'

/** What is replied to a message by this handler, and what was logged. */
async function dispatched(handler: Handler, message: IncomingMessage = incomingText('hi'), lint = false) {
  const lines: string[] = []
  const log = createLogger(line => lines.push(line))
  const reply = await createDispatch(createApp().use(handler), { log, surroundings: {}, limit: 60000, lint })(message)
  return { reply, lines }
}

t.test('a string is a text, a reply is itself, and nothing is no reply', async t => {
  t.strictSame(await dispatched(() => 'ok'), { reply: { MsgType: 'text', Content: 'ok' }, lines: [] })
  t.strictSame(await dispatched(ctx => ctx.image('mA')), { reply: { MsgType: 'image', MediaId: 'mA' }, lines: [] })
  t.strictSame(await dispatched(() => {}), { reply: { MsgType: 'none' }, lines: [] })
  t.strictSame(await dispatched(async () => null), { reply: { MsgType: 'none' }, lines: [] })
})

t.test('an account without handlers replies nothing', async t => {
  const log = createLogger(line => t.fail(line))
  const dispatch = createDispatch(createApp(), { log, surroundings: {}, limit: 60000, lint: true })
  t.strictSame(await dispatch(incomingText('hi')), { MsgType: 'none' })
})

t.test('a handler that passes on to nobody replies nothing', async t => {
  t.strictSame(await dispatched((_, next) => next()), { reply: { MsgType: 'none' }, lines: [] })
})

t.test('next() twice is logged once, and nothing is replied', async t => {
  const { reply, lines } = await dispatched(async (_, next) => {
    await next()
    return next()
  })
  t.strictSame(reply, { MsgType: 'none' })
  t.equal(lines.length, 1)
  t.match(lines[0], /^weixin error: NextCalledTwiceError: a handler called next\(\) twice for one message; /)
})

t.test('a handler that throws is logged, whatever it throws, and nothing is replied', async t => {
  const thrown = async (error: unknown) => {
    const { reply, lines } = await dispatched(() => {
      throw error
    })
    t.strictSame(reply, { MsgType: 'none' })
    t.equal(lines.length, 1)
    return lines[0]
  }
  t.match(await thrown(new Error('boom')), /^weixin error: Error: boom\\n {4}at .* kind=text$/)
  t.equal(await thrown(Object.assign(new Error('boom'), { stack: undefined })), 'weixin error: boom kind=text')
  t.equal(await thrown('words'), 'weixin error: words kind=text')
})

t.test('with lint a reply that WeChat would show wrongly is sent and reported', async t => {
  const handler = () => 'a\\nb<br/>'
  t.strictSame(await dispatched(handler), { reply: { MsgType: 'text', Content: 'a\\nb<br/>' }, lines: [] })
  const { reply, lines } = await dispatched(handler, incomingEvent('VIEW'), true)
  t.strictSame(reply, { MsgType: 'text', Content: 'a\\nb<br/>' })
  t.strictSame(lines, [
    'weixin warn: reply text: Content has \\n as two characters, shown as they stand; use a line feed kind=event:VIEW',
    'weixin warn: reply text: Content has <br>, shown as it stands; only <a href="…"> works kind=event:VIEW',
  ])
})

t.test('messages at the same time get their own replies', async t => {
  const log = createLogger(line => t.fail(line))
  const app = createApp().hears(/(.*)/, async ctx => {
    await Promise.resolve()
    return ctx.match[1]
  })
  const dispatch = createDispatch(app, { log, surroundings: {}, limit: 60000, lint: false })
  const contents = ['a', 'b', 'c', 'd']
  t.strictSame(
    await Promise.all(contents.map(content => dispatch(incomingText(content)))),
    contents.map(Content => ({ MsgType: 'text', Content })),
  )
})

t.test('a handler gets the account and the store of its surroundings, and a signal', async t => {
  const store = createMemoryStore(Date.now)
  const app = createApp({ session: { initial: () => ({ count: 0 }) } }).on('text', ctx => {
    ctx.session.count++
    return `${ctx.account.name} ${ctx.session.count} ${ctx.signal.aborted}`
  })
  const log = createLogger(line => t.fail(line))
  const surroundings = { account: { name: 'shop' }, store }
  const dispatch = createDispatch(app, { log, surroundings, limit: 60000, lint: true })
  t.strictSame(await dispatch(textFrom('oFan', 'a')), { MsgType: 'text', Content: 'shop 1 false' })
  t.strictSame(await dispatch(textFrom('oFan', 'b')), { MsgType: 'text', Content: 'shop 2 false' })
})
