import fs from 'node:fs'
import t from 'tap'
import { carry, seed, tokenFile } from './carriers.ts'
import { startUpstream, tokenNumber } from './fake-upstream.ts'
import { filesIn, place, provider } from './provider.ts'

const windows = process.platform === 'win32'

t.test('100 processes that start without a token fetch one', async t => {
  const { base, questions } = await startUpstream(t)
  const tokens = await carry(t, 100, { directory: place(t), base })
  t.equal(questions.length, 1)
  t.strictSame(tokens.flat(), Array(100).fill(tokenNumber(1)))
})

t.test('100 processes that find a token that has just ended fetch one', async t => {
  const { base, questions } = await startUpstream(t)
  const directory = place(t)
  await seed(directory, base, 7_200_000)
  const tokens = await carry(t, 100, { directory, base })
  t.equal(questions.length, 2)
  t.strictSame(tokens.flat(), Array(100).fill(tokenNumber(2)))
})

t.test('of 32 processes that find a token about to end one renews it, and none goes without', async t => {
  const { base, questions } = await startUpstream(t)
  const directory = place(t)
  await seed(directory, base, 7_200_000 - 100_000)
  const tokens = await carry(t, 32, { directory, base })
  t.equal(questions.length, 2)
  t.strictSame([...new Set([tokenNumber(1), tokenNumber(2), ...tokens.flat()])], [tokenNumber(1), tokenNumber(2)])
  t.equal(tokens.flat().length, 32)
  t.equal((await provider(directory, base).get()).value, tokenNumber(2))
})

for (const [what, content] of Object.entries({
  truncated: '[17000000',
  empty: '',
  'of a clock ten years ahead': JSON.stringify([Date.now() + 1e12, Date.now() + 2e12, '{}']),
  'one that ends in ten years': JSON.stringify([
    Date.now(),
    Date.now() + 3e11,
    JSON.stringify({ value: 'x'.repeat(136), expires: Date.now() + 3e11, fetched: Date.now() }),
  ]),
})) {
  t.test(`8 processes that find a token file that is ${what} fetch one`, async t => {
    const { base, questions } = await startUpstream(t)
    const directory = place(t)
    await seed(directory, base, 0)
    fs.writeFileSync(tokenFile(directory), content)
    const tokens = await carry(t, 8, { directory, base })
    t.equal(questions.length, 2)
    t.strictSame(tokens.flat(), Array(8).fill(tokenNumber(2)))
    if (!windows) t.equal(fs.statSync(tokenFile(directory)).mode & 0o777, 0o600)
  })
}

t.test('1000 tokens leave neither files nor descriptors behind', async t => {
  const { base, questions } = await startUpstream(t)
  const directory = place(t)
  const { get, invalidate } = provider(directory, base)
  await invalidate((await get()).value)
  const descriptors = () => (windows ? 0 : fs.readdirSync('/dev/fd').length)
  const before = descriptors()
  for (let i = 0; i < 1000; i++) await invalidate((await get()).value)
  t.equal(questions.length, 1001)
  t.ok(descriptors() - before < 10)
  t.ok(filesIn(directory).length <= 6)
})

t.test('two accounts in one directory have each their token', async t => {
  const { base, questions } = await startUpstream(t)
  const directory = place(t)
  const [first, second] = await Promise.all([
    carry(t, 8, { directory, base, appId: 'wx0000000000000001' }),
    carry(t, 8, { directory, base, appId: 'wx0000000000000002' }),
  ])
  t.equal(questions.length, 2)
  t.strictSame(first.flat(), Array(8).fill(first[0]?.[0]))
  t.strictSame(second.flat(), Array(8).fill(second[0]?.[0]))
  t.not(first[0]?.[0], second[0]?.[0])
})
