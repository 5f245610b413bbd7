import t from 'tap'
import type { Script } from '../../../src/dispatch/dialogue/dialogue.ts'
import { conversation } from '../conversation.ts'
import { appWith } from './order.ts'

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
