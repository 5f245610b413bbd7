import t from 'tap'
import { createApp } from '../../../src/dispatch/composer.ts'
import type { createMemoryStore } from '../../../src/store/memory.ts'
import { conversation } from '../conversation.ts'
import { appWith, orderScript } from './order.ts'

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
