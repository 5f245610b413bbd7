import { createApp } from '../../src/index.ts'

export const app = createApp()

app.on('event:subscribe', ctx => ctx.render('welcome', { scene: ctx.scene }))
app.on('event:CLICK', ctx => `You pressed ${ctx.message.EventKey}`)
app.hears(/^weather (\w+)$/i, ctx => `No forecast for ${ctx.match[1]} yet.`)
app.hears(['bye', '再见'], () => undefined)
app.on('location', ctx => `${ctx.message.Location_X}, ${ctx.message.Location_Y}`)
app.on(['image', 'voice'], (ctx, next) => (ctx.message.MsgType === 'image' ? ctx.image(ctx.message.MediaId) : next()))
app.on('message', ctx => ctx.text('Try “weather Xiamen”.'))
