/** Ten thousand followers in one dialogue at once, in an order by chance; prints how many ended it as they should. */
import { createApp } from '../../src/dispatch/composer.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { conversation } from '../dispatch/conversation.ts'

const FOLLOWERS = 10_000
const SIZES = ['S', 'M', 'L'] as const

/** Numbers from 0 to 1 that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

function shuffle(items: number[], random: () => number): number[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [a = 0, b = 0] = [items[i], items[j]]
    items[i] = b
    items[j] = a
  }
  return items
}

const app = createApp({ session: { initial: () => ({ orders: 0 }) } })
const order = app.dialogue('order', async ctx => {
  ctx.session.orders++
  const size = await ctx.ask('Which size?', SIZES)
  const count = await ctx.ask('How many?', { validate: answer => /^\d+$/.test(answer) })
  return `${count} ${size} for ${ctx.from}, order ${ctx.session.orders}`
})
app.hears('order', order)

const store = createMemoryStore(Date.now)
const followers = Array.from({ length: FOLLOWERS }, (_, i) => ({
  ...conversation(app, { store }, `oFan${i}`),
  lines: ['order', 'XXL', String((i % 3) + 1), 'many', String(i)],
  last: undefined as unknown,
}))
const turns = Array.from({ length: FOLLOWERS * 5 }, (_, i) => i % FOLLOWERS)
for (const i of shuffle(turns, seeded(42))) {
  const follower = followers[i]
  if (follower) follower.last = await follower.say(follower.lines.shift() ?? '')
}
const right = followers.filter(({ last }, i) => last === `${i} ${SIZES[i % 3]} for oFan${i}, order 1`)
process.stdout.write(String(right.length))
