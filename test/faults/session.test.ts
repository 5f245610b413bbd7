import t from 'tap'
import { createApp } from '../../src/dispatch/composer.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { redisError } from '../../src/store/store-error.ts'
import type { Store } from '../../src/store/types.ts'
import { conversation } from '../dispatch/conversation.ts'

const fail = async () => {
  throw redisError('127.0.0.1:6379', 'ECONNREFUSED')
}
const away: Store = { get: fail, set: fail, add: fail, replace: fail, remove: fail, close: async () => {} }

t.test('where the store is away, handlers that need no session answer, and only the others fail', async t => {
  const app = createApp({ session: { initial: () => ({ count: 0 }) } })
  app.hears('count', ctx => `${++ctx.session.count}`)
  app.on('text', ctx => ctx.message.Content)
  const { say, lines } = conversation(app, { store: away })
  t.equal(await say('hello'), 'hello')
  t.match(lines, [/^weixin error: .*127\.0\.0\.1:6379/], 'and the log says so')
  await t.rejects(say('count'), { name: 'StoreError' })
})

t.test('where the store goes away while a handler runs that changes nothing, its answer is given', async t => {
  const app = createApp({ session: { initial: () => ({ count: 0 }) } })
  const memory = createMemoryStore(() => 0)
  let isAway = false
  const unsteady = new Proxy(memory, {
    get: (store, name: keyof Store) => (isAway ? fail : store[name]),
  })
  app.hears('count', ctx => `${++ctx.session.count}`)
  app.hears('count and lose', ctx => {
    isAway = true
    return `${++ctx.session.count}`
  })
  app.on('text', () => {
    isAway = true
    return 'slowly'
  })
  const { say, lines } = conversation(app, { store: unsteady })
  t.equal(await say('count'), '1')
  t.equal(await say('hello'), 'slowly')
  t.match(lines, [/^weixin warn: .*127\.0\.0\.1:6379/], 'and the log says so')
  isAway = false
  const other = conversation(app, { store: unsteady }, 'oOther')
  await t.rejects(other.say('count and lose'), { name: 'StoreError' }, 'what was to be kept is not lost in silence')
})

t.test('where the store is away, an app with dialogues answers, and no dialogue begins', async t => {
  const app = createApp()
  app.hears(
    'order',
    app.dialogue('order', async ctx => `${await ctx.ask('How many?')} it is`),
  )
  app.on('text', ctx => ctx.message.Content)
  const { say } = conversation(app, { store: away })
  t.equal(await say('hello'), 'hello')
  await t.rejects(say('order'), { name: 'StoreError' })
})
