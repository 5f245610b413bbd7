import t from 'tap'
import { DeadlineError, withDeadline } from '../../src/dispatch/deadline.ts'

const never = new Promise<string>(() => {})

t.test('work that is done in time gives its result, or its own error', async t => {
  t.equal(await withDeadline(async () => 'done', 60000), 'done')
  await t.rejects(
    withDeadline(() => Promise.reject(new Error('boom')), 60000),
    { message: 'boom' },
  )
})

t.test('work that is late is given up with the time in the error', async t => {
  await t.rejects(
    withDeadline(() => never, 1),
    {
      name: 'DeadlineError',
      message: 'a handler did not answer within 1 ms and was given up; make it quicker, or raise "handlerLimit"',
      zh: '处理函数未能在 1 毫秒内回复，已放弃；请加快处理，或调大 "handlerLimit"',
    },
  )
})

t.test('the signal is aborted at the deadline, and not before', async t => {
  let late: AbortSignal | undefined
  await t.rejects(
    withDeadline(({ signal }) => {
      late = signal
      return never
    }, 1),
  )
  t.match(late, { aborted: true, reason: { name: 'DeadlineError' } })
  t.equal(await withDeadline(async ({ signal }) => signal.aborted, 60000), false)
})

t.test('an error after the deadline reaches nobody', async t => {
  let unhandled = 0
  const count = () => unhandled++
  process.on('unhandledRejection', count)
  t.teardown(() => process.off('unhandledRejection', count))
  const { promise, reject } = withReject()
  await t.rejects(
    withDeadline(() => promise, 1),
    DeadlineError,
  )
  reject(new Error('too late'))
  await new Promise(resolve => setImmediate(resolve))
  t.equal(unhandled, 0)
})

t.test('when the work is done no timer is left behind', async t => {
  const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const before = timers()
  await withDeadline(async () => {}, 60000)
  await withDeadline(() => Promise.reject(new Error('boom')), 60000).catch(() => {})
  t.equal(timers(), before)
})

function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse
  })
  return { promise, reject }
}
