import t from 'tap'
import { createApp } from '../../../src/dispatch/composer.ts'
import type { Script } from '../../../src/dispatch/dialogue/dialogue.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { conversation, textFrom } from '../conversation.ts'

const orderScript: Script = async ctx => {
  const size = await ctx.ask('Which size?', ['S', 'M', 'L'])
  const address = await ctx.ask('Where to?')
  return `${size} to ${address}`
}

/** An app with one dialogue, and an echo for what is not part of it. */
function appWith(script: Script, options = {}) {
  const app = createApp({ dialogue: options })
  const order = app.dialogue('order', script)
  return app
    .hears('order', order)
    .on('event:CLICK', () => 'tapped')
    .on('text', ctx => `heard ${ctx.message.Content}`)
}

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

t.test('once does something once, and its result comes back', async t => {
  let made = 0
  const app = appWith(async ctx => {
    const number = await ctx.once(() => ++made)
    const nothing = await ctx.once(async () => {})
    const name = await ctx.ask('Name?')
    const order = await ctx.once(() => ({ number, name, at: new Date(0) }))
    await ctx.ask('Sure?')
    return JSON.stringify([order, nothing === undefined, made])
  })
  const { say } = conversation(app)
  await say('order')
  await say('Anna')
  t.equal(await say('yes'), '[{"number":1,"name":"Anna","at":"1970-01-01T00:00:00.000Z"},true,1]')
})

t.test('a result is what JSON gives back from the first run on', async t => {
  const { say } = conversation(appWith(async ctx => typeof (await ctx.once(() => new Date(0)))))
  t.equal(await say('order'), 'string')
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

t.test('an error ends the dialogue and goes to onError', async t => {
  const failing: Script = async ctx => {
    throw new Error(`no ${await ctx.ask('What?')} today`)
  }
  const { say } = conversation(appWith(failing))
  await say('order')
  await t.rejects(say('tea'), { message: 'no tea today' })
  t.equal(await say('tea'), 'heard tea')
  const caught = conversation(appWith(failing).onError(error => `sorry: ${error}`))
  await caught.say('order')
  t.equal(await caught.say('tea'), 'sorry: Error: no tea today')
  t.equal(await caught.say('tea'), 'heard tea')
})

t.test('what a dialogue catches and what it does at last is its own affair, not that of a question', async t => {
  const notes: string[] = []
  const app = appWith(async ctx => {
    try {
      return await ctx.ask('What?')
    } catch {
      notes.push('caught')
      return 'caught'
    } finally {
      notes.push('finally')
    }
  })
  const { say } = conversation(app)
  t.equal(await say('order'), 'What?')
  t.strictSame(notes, [])
  t.equal(await say('tea'), 'tea')
  t.strictSame(notes, ['finally'])
})

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

t.test('questions and work at the same time are taken one after the other', async t => {
  let worked = 0
  const aWhile = () => new Promise(resolve => setImmediate(resolve))
  const app = appWith(async ctx => {
    const work = ctx.once(async () => {
      await aWhile()
      return ++worked
    })
    const validate = async () => {
      await aWhile()
      return true
    }
    const answers = await Promise.all([ctx.ask('A?', { validate }), ctx.ask('B?')])
    return `${answers} ${await work}`
  })
  const { say } = conversation(app)
  t.equal(await say('order'), 'A?')
  t.equal(await say('a'), 'B?')
  t.equal(await say('b'), 'a,b 1')
  t.equal(worked, 1)
})

t.test('ask and once outside a dialogue say where they belong', async t => {
  const app = createApp()
    .hears('a', ctx => ctx.ask('What?'))
    .hears('b', ctx => ctx.once(() => 'x'))
  const { say } = conversation(app)
  await t.rejects(say('a'), {
    name: 'UsageError',
    message:
      "ctx.ask() is for dialogues: const order = app.dialogue('order', async ctx => …); app.hears('order', order)",
    zh: /^ctx\.ask\(\) 只能用于对话/,
  })
  await t.rejects(say('b'), { name: 'UsageError', message: /^ctx\.once\(\) is for dialogues/ })
})

t.test('a name that there is already is refused', async t => {
  const app = appWith(orderScript)
  const taken = {
    name: 'UsageError',
    message: 'dialogue("order"): there is one of this name already; by its name it is found again',
    zh: 'dialogue("order")：已有同名对话；程序靠名称找回对话，请换一个名称',
  }
  t.throws(() => app.dialogue('order', orderScript), taken)
  t.throws(() => app.account('shop').dialogue('order', orderScript), taken, 'in another account too')
  t.doesNotThrow(() => app.dialogue('constructor', orderScript))
})

t.test('a dialogue cannot begin inside another one', async t => {
  const app = createApp()
  const inner = app.dialogue('inner', orderScript)
  app.hears(
    'order',
    app.dialogue('outer', ctx => inner(ctx, async () => undefined)),
  )
  await t.rejects(conversation(app).say('order'), {
    name: 'UsageError',
    message: /^dialogue\("inner"\) was begun inside another dialogue/,
  })
})

t.test('without a store a dialogue says what is missing', async t => {
  const { say } = conversation(appWith(orderScript), { store: undefined } as object)
  await t.rejects(say('order'), {
    name: 'UsageError',
    message: 'sessions and dialogues need a store; pass one to the context',
  })
})

t.test('an app without sessions and dialogues never asks the store', async t => {
  const store = new Proxy({} as ReturnType<typeof createMemoryStore>, {
    get: (_, method) => t.fail(`store.${String(method)}`),
  })
  t.equal(
    await conversation(
      createApp().on('text', () => 'ok'),
      { store },
    ).say('hi'),
    'ok',
  )
})
