import t from 'tap'
import { createApp } from '../../src/dispatch/composer.ts'
import { contextOf, incomingText } from './incoming.ts'

const boom = () => {
  throw new Error('boom')
}

t.test('without onError the error is thrown on', async t => {
  await t.rejects(
    createApp()
      .on('text', boom)
      .run(contextOf(incomingText('hi'))),
    { message: 'boom' },
  )
})

t.test('what onError returns is the reply, wherever it was written down', async t => {
  for (const app of [
    createApp()
      .onError((error, ctx) => `${error} for ${ctx.from}`)
      .on('text', boom),
    createApp()
      .on('text', async () => boom())
      .onError(async (error, ctx) => `${error} for ${ctx.from}`),
  ]) {
    t.equal(await app.run(contextOf(incomingText('hi'))), 'Error: boom for oFan')
  }
})

t.test('onError is not asked when nothing fails, nor when a handler catches', async t => {
  let asked = 0
  const app = createApp()
    .onError(() => {
      asked++
    })
    .use((_, next) => next().catch(() => 'caught'))
    .hears('fail', boom)
    .use(() => 'fine')
  t.equal(await app.run(contextOf(incomingText('hi'))), 'fine')
  t.equal(await app.run(contextOf(incomingText('fail'))), 'caught')
  t.equal(asked, 0)
})

t.test('an error of onError itself is thrown on', async t => {
  const app = createApp()
    .on('text', boom)
    .onError(() => {
      throw new Error('and again')
    })
  await t.rejects(app.run(contextOf(incomingText('hi'))), { message: 'and again' })
})
