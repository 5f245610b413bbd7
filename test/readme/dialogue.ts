import { createApp } from '../../src/index.ts'

export const app = createApp({ session: { initial: () => ({ orders: 0 }) } })

const order = app.dialogue('order', async ctx => {
  const size = await ctx.ask('Which size?', ['S', 'M', 'L'])
  const count = await ctx.ask('How many?', { validate: text => /^\d+$/.test(text) || 'A number, please.' })
  await ctx.once(() => ctx.log.info('order', { size, count }))
  ctx.session.orders++
  return `${count} × ${size}. That was order ${ctx.session.orders} of yours.`
})

app.hears('order', order)
