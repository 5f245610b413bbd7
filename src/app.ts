import { createApp } from './index.ts'

/*
 * This account's answers. Change them, then `npm run build`; the words are in templates/content/.
 * What a handler returns is the reply; nothing means no reply; `return next()` passes on to the handlers below.
 */
export const app = createApp()

// A rule in weixin.config.json goes before what `next()` is asked for first.
app.on('event:subscribe', async (ctx, next) => (await next()) ?? ctx.render('welcome', { scene: ctx.scene }))

app.hears(['help', '帮助', '?', '？'], ctx => ctx.render('help'))

app.hears(/^(?:roll|掷骰子)\s*(\d{1,3})?$/i, ctx => {
  const sides = Number(ctx.match[1]) || 6
  return `🎲 ${1 + Math.floor(Math.random() * sides)}`
})

app.on('image', ctx => ctx.image(ctx.message.MediaId))
app.on('voice', ctx => ctx.voice(ctx.message.MediaId))
app.on('location', ctx => `📍 ${ctx.message.Label} (${ctx.message.Location_X}, ${ctx.message.Location_Y})`)
app.on('link', ctx => `🔗 ${ctx.message.Title} ${ctx.message.Url}`)

app.on('text', async (ctx, next) => (await next()) ?? ctx.message.Content)
