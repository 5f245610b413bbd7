import t from 'tap'
import { ratios, slope, summarize } from './statistics.ts'

t.test('a summary is the least, the middle and the greatest value, in whatever order they come', async t => {
  t.same(summarize([30, 1, 200]), { min: 1, median: 30, max: 200 })
})

t.test('the middle of an even number of values lies between two of them', async t => {
  t.same(summarize([4, 1, 3, 10]), { min: 1, median: 3.5, max: 10 })
})

t.test('a summary of nothing is not a number', async t => {
  t.same(summarize([]), { min: Number.NaN, median: Number.NaN, max: Number.NaN })
})

t.test('a ratio is taken to the baseline of the same round, so that a slow round slows both', async t => {
  t.same(ratios([20, 60], [10, 30]), [2, 2])
})

t.test('a slope is what is gained with each step', async t => {
  t.equal(
    slope([
      [0, 70],
      [10, 75],
      [20, 80],
    ]),
    0.5,
  )
})

t.test('one point has no slope', async t => {
  t.equal(slope([[3, 70]]), 0)
})
