import t from 'tap'
import { createApp } from '../../src/dispatch/composer.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import type { Store } from '../../src/store/types.ts'
import { conversation, textFrom } from './conversation.ts'

/** An app that counts each follower's messages. */
function counter(ttl?: number) {
  const session = { initial: () => ({ count: 0 }), ...(ttl !== undefined && { ttl }) }
  return createApp({ session }).on('text', ctx => {
    ctx.session.count++
    return `${ctx.session.count}`
  })
}

/** A store that says which keys were written and are still there. */
function watched(store = createMemoryStore(Date.now)) {
  const keys = new Set<string>()
  const noting =
    <A extends unknown[], R>(method: (key: string, ...rest: A) => Promise<R>) =>
    (key: string, ...rest: A) => {
      keys.add(key)
      return method(key, ...rest)
    }
  const { get, set, add, replace, remove, close } = store
  const watching: Store = { get, remove, close, set: noting(set), add: noting(add), replace: noting(replace) }
  const present = async () => {
    const found = await Promise.all([...keys].map(async key => ((await get(key)) === undefined ? [] : [key])))
    return found.flat()
  }
  return { store: watching, present }
}

t.test('a session is kept from message to message, in whatever process', async t => {
  const { say, surroundings } = conversation(counter())
  t.equal(await say('a'), '1')
  t.equal(await say('b'), '2')
  t.equal(await conversation(counter(), surroundings).say('c'), '3')
})

t.test('each follower of each account has a session', async t => {
  const app = counter()
  const anna = conversation(app, {}, 'oAnna')
  await anna.say('a')
  t.equal(await conversation(app, anna.surroundings, 'oBert').say('a'), '1')
  t.equal(await conversation(app, { ...anna.surroundings, account: { name: 'shop' } }, 'oAnna').say('a'), '1')
  t.equal(await anna.say('a'), '2')
})

t.test('a session lasts until the follower has been silent for its time', async t => {
  let now = 1_893_456_000_000
  const clock = { now: () => now, store: createMemoryStore(() => now) }
  const { say } = conversation(counter(), clock)
  await say('a')
  now += 1_799_999
  t.equal(await say('b'), '2')
  now += 1_799_999
  t.equal(await say('c'), '3')
  now += 1_800_000
  t.equal(await say('d'), '1', 'half an hour, if nothing else is said')
  const short = conversation(counter(100), clock, 'oShort')
  await short.say('a')
  now += 99
  t.equal(await short.say('b'), '2')
  now += 100
  t.equal(await short.say('c'), '1')
})

t.test('a message that changes nothing in a session prolongs it', async t => {
  let now = 1_893_456_000_000
  const clock = { now: () => now, store: createMemoryStore(() => now) }
  const { say, event } = conversation(counter(), clock)
  await say('a')
  now += 1_799_999
  await event('VIEW')
  now += 1_799_999
  t.equal(await say('b'), '2')
})

t.test('a session can be replaced, and be anything that JSON can hold', async t => {
  const app = createApp({ session: { initial: () => ['first'] } }).on('text', ctx => {
    ctx.session = [...ctx.session, ctx.message.Content]
    return ctx.session.join()
  })
  const { say } = conversation(app)
  await say('a')
  t.equal(await say('b'), 'first,a,b')
  const number = createApp({ session: { initial: () => 0 } }).on('text', ctx => `${++ctx.session}`)
  const { say: count } = conversation(number)
  await count('a')
  t.equal(await count('b'), '2')
})

t.test('nothing is kept about a follower whose session nobody has changed', async t => {
  const { store, present } = watched()
  const app = createApp({ session: { initial: () => ({ count: 0 }) } }).on('text', ctx => `${ctx.session.count}`)
  t.equal(await conversation(app, { store }).say('a'), '0')
  t.strictSame(await present(), [])
})

t.test('what a handler changed before it threw is not kept, whoever catches the error', async t => {
  const failing = () =>
    counter().on('event', ctx => {
      ctx.session.count = 100
      throw new Error('boom')
    })
  const bare = conversation(failing())
  await bare.say('a')
  await t.rejects(bare.event('VIEW'), { message: 'boom' })
  t.equal(await bare.say('b'), '2')
  const caught = conversation(failing().onError((_, ctx) => `sorry, ${ctx.from}`))
  await caught.say('a')
  t.equal(await caught.event('VIEW'), 'sorry, oFan')
  t.equal(await caught.say('b'), '2')
})

t.test('unsubscribe erases session and dialogue, after a last look at them', async t => {
  const { store, present } = watched()
  const app = createApp({ session: { initial: () => ({ name: 'nobody' }) } })
  let last = ''
  app.on('event:unsubscribe', ctx => {
    last = ctx.session.name
    ctx.session.name = 'kept after all'
  })
  const ask = app.dialogue('ask', async ctx => `${await ctx.ask('What?')}!`)
  app.hears('ask', ask).on('text', ctx => {
    const before = ctx.session.name
    ctx.session.name = ctx.message.Content
    return before
  })
  const { say, event } = conversation(app, { store })
  await say('Anna')
  await say('ask')
  t.strictSame(await present(), ['follower:default:oFan'])
  await event('unsubscribe')
  t.equal(last, 'Anna')
  t.strictSame(await present(), [])
  t.equal(await say('x'), 'nobody')
})

t.test('unsubscribe erases also when nobody handles it, or a handler throws', async t => {
  for (const onLeaving of [
    undefined,
    () => {
      throw new Error('boom')
    },
  ]) {
    const { store, present } = watched()
    const app = counter().onError(() => undefined)
    if (onLeaving) app.on('event:unsubscribe', onLeaving)
    const { say, event } = conversation(app, { store })
    await say('a')
    await event('unsubscribe')
    t.strictSame(await present(), [])
  }
})

t.test('an app that keeps nothing any more erases what was kept before', async t => {
  const { store, present } = watched()
  await conversation(counter(), { store }).say('a')
  t.equal(
    await conversation(
      createApp().use(() => 'bye'),
      { store },
    ).event('unsubscribe'),
    'bye',
  )
  t.strictSame(await present(), [])
})

t.test('a handler that is still running when the follower leaves keeps nothing', async t => {
  for (const before of [0, 1]) {
    const { store, present } = watched()
    let go: () => void = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    let reached: () => void = () => {}
    const running = new Promise<void>(resolve => {
      reached = resolve
    })
    const app = createApp({ session: { initial: () => ({ count: 0 }) } }).on('text', async ctx => {
      ctx.session.count++
      if (ctx.message.Content !== 'slow') return
      reached()
      await gate
    })
    const { say, event } = conversation(app, { store })
    for (let i = 0; i < before; i++) await say('a')
    const slow = say('slow')
    await running
    await event('unsubscribe')
    go()
    await t.rejects(slow, { name: 'FollowerLostError' })
    t.strictSame(await present(), [])
  }
})

t.test('what a dialogue changes in the session is kept when it ends, once', async t => {
  const app = createApp({ session: { initial: () => ({ orders: 0 }) } })
  const order = app.dialogue('order', async ctx => {
    ctx.session.orders++
    await ctx.ask('Which?')
    await ctx.ask('Where?')
    return `order ${ctx.session.orders}`
  })
  app.hears('order', order).on('text', ctx => `${ctx.session.orders}`)
  const { say } = conversation(app)
  await say('order')
  await say('a')
  await say('cancel')
  t.equal(await say('how many'), '0')
  await say('order')
  await say('a')
  t.equal(await say('b'), 'order 1')
  t.equal(await say('how many'), '1')
})

t.test('a message that is delivered again after a crash is not counted again', async t => {
  const { deliver, say } = conversation(counter())
  const message = textFrom('oFan', 'a')
  t.equal(await deliver(message), '1')
  t.equal(await deliver(message), '1')
  t.equal(await say('b'), '2')
})

t.test('two messages at once, and a hundred, lose no change and run one after the other', async t => {
  let running = 0
  const app = createApp({ session: { initial: () => ({ count: 0 }) } }).on('text', async ctx => {
    t.equal(++running, 1)
    const { count } = ctx.session
    await new Promise(resolve => setImmediate(resolve))
    ctx.session.count = count + 1
    running--
  })
  const { say, surroundings } = conversation(app)
  await Promise.all(Array.from({ length: 100 }, () => say('a')))
  t.equal(await conversation(counter(), surroundings).say('b'), '101')
})

t.test('a session without createApp({ session }) is an error that says so', async t => {
  for (const app of [
    createApp().on('text', ctx => `${ctx.session}`),
    createApp().on('text', ctx => {
      ctx.session = 1
    }),
  ]) {
    await t.rejects(conversation(app).say('a'), {
      name: 'UsageError',
      message:
        'ctx.session: this app has no sessions; create it with createApp({ session: { initial: () => ({ … }) } })',
      zh: /^ctx\.session：此应用没有会话/,
    })
  }
})

t.test('a time that is none is refused', async t => {
  for (const ttl of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number]) {
    t.throws(() => createApp({ session: { initial: () => 0, ttl } }), {
      name: 'UsageError',
      message: `createApp({ session: { ttl: ${ttl} } }): ttl is milliseconds, more than 0`,
    })
    t.throws(() => createApp({ dialogue: { ttl } }), { name: 'UsageError', message: /^createApp\(\{ dialogue: / })
  }
})

t.test('the session has the type of its beginning', async t => {
  const app = createApp({ session: { initial: () => ({ count: 0 }) } })
  app
    .use((ctx, next) => {
      const count: number = ctx.session.count
      return count < 0 ? 'never' : next()
    })
    .on('text', ctx => {
      // @ts-expect-error: there is no such thing in it
      ctx.session.cuont
      // @ts-expect-error: a number is no string
      const text: string = ctx.session.count
      return `${text}`
    })
    .on('event', ctx => {
      // @ts-expect-error: what is assigned must have the type too
      ctx.session = { count: 'none' }
    })
    .onError((_, ctx) => `${ctx.session.count + 1}`)
  app.account('shop').hears('a', ctx => `${ctx.session.count + 2}`)
  app.dialogue('dialogue', ctx => `${ctx.session.count + 3}`)
  // @ts-expect-error: without a session nobody knows what is in it
  createApp().on('text', ctx => ctx.session.count)
  createApp<{ name?: string }>({ session: { initial: () => ({}) } }).use(ctx => ctx.session.name)
  t.equal(await conversation(app).say('a'), '0')
})
