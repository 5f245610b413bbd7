import { createApp } from '../../../src/dispatch/composer.ts'
import type { Script } from '../../../src/dispatch/dialogue/dialogue.ts'

/** A dialogue with a question that has options, and one that has none. */
export const orderScript: Script = async ctx => {
  const size = await ctx.ask('Which size?', ['S', 'M', 'L'])
  const address = await ctx.ask('Where to?')
  return `${size} to ${address}`
}

/** An app with one dialogue, and an echo for what is not part of it. */
export function appWith(script: Script, options = {}) {
  const app = createApp({ dialogue: options })
  const order = app.dialogue('order', script)
  return app
    .hears('order', order)
    .on('event:CLICK', () => 'tapped')
    .on('text', ctx => `heard ${ctx.message.Content}`)
}
