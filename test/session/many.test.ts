import t from 'tap'
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

function shuffle<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [a, b] = [items[i] as T, items[j] as T]
    items[i] = b
    items[j] = a
  }
  return items
}

t.test('ten thousand followers in one dialogue at once end it with their own answers', async t => {
  const app = createApp({ session: { initial: () => ({ orders: 0 }) } })
  const order = app.dialogue('order', async ctx => {
    ctx.session.orders++
    const size = await ctx.ask('Which size?', SIZES)
    const count = await ctx.ask('How many?', { validate: answer => /^\d+$/.test(answer) })
    return `${count} ${size} for ${ctx.from}, order ${ctx.session.orders}`
  })
  app.hears('order', order)

  const store = createMemoryStore(Date.now)
  const script = (i: number) => ['order', 'XXL', String((i % 3) + 1), 'many', String(i)]
  const followers = Array.from({ length: FOLLOWERS }, (_, i) => ({
    ...conversation(app, { store }, `oFan${i}`),
    lines: script(i),
  }))
  const last: unknown[] = []
  const turns = shuffle(
    Array.from({ length: FOLLOWERS * script(0).length }, (_, i) => i % FOLLOWERS),
    seeded(42),
  )
  for (const i of turns) {
    const follower = followers[i]
    last[i] = await follower?.say(follower.lines.shift() ?? '')
  }
  t.strictSame(
    last,
    followers.map((_, i) => `${i} ${SIZES[i % 3]} for oFan${i}, order 1`),
  )
})
