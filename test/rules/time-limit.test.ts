import t from 'tap'
import { withTimeLimit } from '../../src/rules/time-limit.ts'

t.test('what is done in time gives its result, or its own error', async t => {
  t.equal(
    withTimeLimit(60_000, () => 7),
    7,
  )
  t.throws(
    () =>
      withTimeLimit(60_000, () => {
        throw new Error('boom')
      }),
    { name: 'Error', message: 'boom' },
  )
})

t.test('what is late is given up, in one line without the place where the time ran out', async t => {
  t.throws(
    () =>
      withTimeLimit(1, () => {
        for (;;);
      }),
    { name: 'SlowRegexError', stack: /^SlowRegexError: the regular expressions of the rules took over 1 ms .*$/ },
  )
})
