import t from 'tap'
import { readWholeNumber } from '../../../src/cli/terminal/number-option.ts'

t.test('a whole number within the limits is taken', async t => {
  t.equal(readWholeNumber('--workers', '1', 1, 64), 1)
  t.equal(readWholeNumber('--workers', '64', 1, 64), 64)
  t.equal(readWholeNumber('--lines', '0', 0, 9), 0)
})

t.test('anything else is refused with what is permitted', async t => {
  for (const text of ['0', '65', '1.5', '-1', '1e1', '0x10', ' 2', 'two', '']) {
    t.throws(() => readWholeNumber('--workers', text, 1, 64), {
      name: 'UsageError',
      message: `--workers ${text}: a whole number from 1 to 64 is permitted`,
      zh: `--workers ${text}：应为 1 到 64 的整数`,
    })
  }
})
