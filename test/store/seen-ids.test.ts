import { createHash } from 'node:crypto'
import t from 'tap'
import { SeenIds } from '../../src/store/seen-ids.ts'

const id = (number: number) => createHash('sha1').update(`${number}`).digest('hex')

t.test('an ID is new once', async t => {
  const seen = new SeenIds()
  t.strictSame(
    [seen.add('aa'), seen.add('ab'), seen.add('aa'), seen.add('00000000'), seen.add('00000000')],
    [false, false, true, false, true],
  )
})

t.test('each of a hundred thousand is remembered', async t => {
  const seen = new SeenIds()
  const ids = Array.from({ length: 100_000 }, (_, number) => id(number))
  t.equal(ids.filter(each => seen.add(each)).length, 0)
  t.equal(ids.filter(each => !seen.add(each)).length, 0)
})

t.test('the oldest are forgotten, and never those that came last', async t => {
  const seen = new SeenIds()
  for (let number = 0; number < 300_000; number++) seen.add(id(number))
  t.equal(seen.add(id(0)), false)
  t.equal(seen.add(id(299_999)), true)
  t.equal(seen.add(id(235_000)), true)
})
