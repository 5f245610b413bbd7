import t from 'tap'
import { conversation } from '../conversation.ts'
import { appWith } from './order.ts'

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
