import t from 'tap'
import { compose, type Middleware, NextCalledTwiceError } from '../../src/dispatch/compose.ts'

type Layer = Middleware<string[], string>

/** A layer that notes when it begins and when the layers inside it are done. */
const noting =
  (name: string): Layer =>
  async (notes, next) => {
    notes.push(`${name} in`)
    const answer = await next()
    notes.push(`${name} out`)
    return `${name}(${answer})`
  }

const last = async () => 'end'

t.test('layers run in their order, and each gets what the one inside answered', async t => {
  const notes: string[] = []
  const layer = compose([noting('a'), noting('b'), noting('c')])
  t.equal(await layer(notes, last), 'a(b(c(end)))')
  t.strictSame(notes, ['a in', 'b in', 'c in', 'c out', 'b out', 'a out'])
})

t.test('without layers what comes next answers', async t => {
  t.equal(await compose<string[], string>([])([], last), 'end')
})

t.test('a layer that does not pass on ends the way inward', async t => {
  const notes: string[] = []
  const layer = compose<string[], string>([noting('a'), () => 'mine', noting('b')])
  t.equal(await layer(notes, last), 'a(mine)')
  t.strictSame(notes, ['a in', 'a out'])
})

t.test('composed layers compose', async t => {
  const notes: string[] = []
  const layer = compose([noting('a'), compose([noting('b'), noting('c')]), noting('d')])
  t.equal(await layer(notes, last), 'a(b(c(d(end))))')
})

t.test('next() twice is refused, at once or later, and nothing inside runs twice', async t => {
  const twice: readonly Layer[] = [
    async (_, next) => {
      await next()
      return next()
    },
    async (_, next) => (await Promise.all([next(), next()])).join(),
  ]
  for (const layer of twice) {
    let runs = 0
    const inner: Layer = () => {
      runs++
      return 'inner'
    }
    await t.rejects(compose([layer, inner])([], last) as Promise<string>, {
      name: 'NextCalledTwiceError',
      message: 'a handler called next() twice for one message; call it once and keep what it returns',
      zh: /调用了两次 next\(\)/,
    })
    t.equal(runs, 1)
    await t.rejects(compose([layer])([], last) as Promise<string>, NextCalledTwiceError, 'the last layer too')
  }
})

t.test('the same layers serve two messages at once', async t => {
  const layer = compose([noting('a'), noting('b')])
  const [first, second] = [[], []] as [string[], string[]]
  t.strictSame(await Promise.all([layer(first, last), layer(second, last)]), ['a(b(end))', 'a(b(end))'])
  t.strictSame(first, ['a in', 'b in', 'b out', 'a out'])
  t.strictSame(second, first)
})

t.test('an error goes outward, and an outer layer may catch it', async t => {
  const failing: Layer = () => {
    throw new Error('boom')
  }
  await t.rejects(compose([noting('a'), failing])([], last) as Promise<string>, { message: 'boom' })
  const catching: Layer = (_, next) => next().catch(error => `caught ${error.message}`)
  t.equal(await compose([catching, failing])([], last), 'caught boom')
})
