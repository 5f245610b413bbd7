import t from 'tap'
import { decodeFailure, encodeFailure, isWaiting, nextFailure } from '../../src/token/failure.ts'
import { TokenError } from '../../src/token/token-error.ts'

const NOW = 1_893_456_000_000
const error = new TokenError(-1, false, { en: 'busy', zh: '繁忙' })

t.test('a failure is read as it was stored', async t => {
  const stored = encodeFailure(nextFailure(error, undefined, NOW))
  t.match(decodeFailure(stored), {
    error: { name: 'TokenError', code: -1, lasting: false, message: 'busy', zh: '繁忙' },
    count: 1,
    until: NOW + 1000,
  })
})

t.test('what is no failure is none, whichever part of it is missing', async t => {
  const fields: Record<string, unknown> = JSON.parse(encodeFailure(nextFailure(error, undefined, NOW)))
  for (const name of ['count', 'until', 'en']) {
    t.equal(decodeFailure(JSON.stringify({ ...fields, [name]: undefined })), undefined, name)
  }
  for (const text of ['', '{', 'null', '7']) t.equal(decodeFailure(text), undefined, text)
})

t.test('the pause doubles to a minute, and is one at once where waiting helps nobody', async t => {
  const pauses = [undefined, 1, 2, 5, 6, 20].map(
    count => nextFailure(error, count === undefined ? undefined : { error, count, until: 0 }, NOW).until - NOW,
  )
  t.strictSame(pauses, [1000, 2000, 4000, 32_000, 60_000, 60_000])
  const lasting = new TokenError(40125, true, { en: 'wrong', zh: '错误' })
  t.equal(nextFailure(lasting, undefined, NOW).until, NOW + 60_000)
})

t.test('nobody waits for a pause that is over, or that a clock has made endless', async t => {
  const failure = { error, count: 1, until: NOW + 1000 }
  t.strictSame(
    [NOW, NOW + 999, NOW + 1000, NOW - 59_001].map(now => isWaiting(failure, now)),
    [true, true, false, false],
  )
})
