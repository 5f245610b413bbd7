import t from 'tap'
import type { Entry } from '../../src/traffic/entry.ts'
import { renderReport } from '../../src/traffic/page.ts'
import { createStatistics, percentile, shareInTime } from '../../src/traffic/statistics.ts'

/** Two local days. */
const FROM = new Date(2026, 10, 21).getTime()
const TO = new Date(2026, 10, 22, 18).getTime()
const NINE = new Date(2026, 10, 22, 9, 30).getTime()

function entry(values: Partial<Entry>): Entry {
  const answered = { message: 'answered', account: 'default', kind: 'text', answer: 'text', ms: 40, delivery: 1 }
  return { time: NINE, level: 'info', ...answered, follower: 'a0a0a0a0', ...values }
}

function refusal(reason: string, message: string): Entry {
  return { time: NINE, level: 'warn', message, account: 'default', ms: 1, status: 403, reason }
}

function count(...entries: readonly Entry[]) {
  const statistics = createStatistics(FROM, TO)
  entries.forEach(statistics.add)
  return statistics.result()
}

t.test('a message counts once, in its local hour; its deliveries are told apart', async t => {
  const result = count(
    entry({}),
    entry({ time: FROM, kind: 'event:CLICK', follower: 'b0b0b0b0' }),
    entry({ delivery: 2, ms: 6000 }),
    entry({ delivery: 3, ms: 4500, by: 'thinking' }),
    entry({ kind: 'access-check', answer: 'echostr' }),
  )
  t.match(result, { messages: 2, followers: 2, accounts: ['default'], failures: 0 })
  t.strictSame(
    result.days.map(({ date, total }) => [date, total]),
    [
      ['2026-11-21', 1],
      ['2026-11-22', 1],
    ],
  )
  t.equal(result.days[0]?.hours[0], 1)
  t.equal(result.days[1]?.hours[9], 1)
  t.strictSame(result.latencies, [40, 40, 4500, 6000])
  t.strictSame(result.redeliveries, [
    { name: '2', count: 1 },
    { name: '3', count: 1 },
  ])
  t.strictSame(result.detours, [{ name: 'thinking', count: 1 }])
})

t.test('refusals are counted by reason, tokens and other complaints for themselves', async t => {
  const failed = { time: NINE, level: 'error', message: 'no access token', token: 'failed', reason: '40164' } as const
  const result = count(
    refusal('query', 'a'),
    refusal('-40001', 'b'),
    refusal('query', 'c'),
    failed,
    { time: NINE, level: 'info', message: 'access token fetched', token: 'fetched' },
    { time: NINE, level: 'error', message: 'TypeError: broken\n    at x', kind: 'text' },
  )
  t.match(result.refusals, [
    { name: 'query', count: 2, status: 403, message: 'c' },
    { name: '-40001', count: 1 },
  ])
  t.strictSame(
    result.tokens.map(({ failed }) => failed),
    [true, false],
  )
  t.match(result.troubles, [
    { name: 'TypeError: broken', count: 1 },
    { name: 'no access token', count: 1 },
  ])
})

t.test('words are counted without regard to capitals, and those that nobody answered', async t => {
  const result = count(
    entry({ content: ' Price' }),
    entry({ content: 'price' }),
    entry({ content: '发票', by: 'fallback' }),
    entry({ content: 'hm', answer: 'none' }),
    entry({ kind: 'voice', content: 'spoken' }),
  )
  t.ok(result.hasContents)
  t.strictSame(result.words[0], { name: 'price', count: 2 })
  t.strictSame(
    result.unanswered.map(({ name }) => name),
    ['hm', '发票'],
  )
  t.notOk(count(entry({})).hasContents)
})

t.test('percentiles are by nearest rank, and late is what WeChat has not waited for', async t => {
  t.strictSame([percentile([1, 2, 3, 4], 0.5), percentile([1, 2, 3, 4], 0.95), percentile([], 0.5)], [2, 4, 0])
  t.equal(shareInTime([1, 4999, 5000, 5001]), 0.75)
  t.equal(shareInTime([1]), 1)
})

t.test('the page has both languages, no script, and nothing of what followers write as HTML', async t => {
  const page = renderReport(
    count(entry({ content: '<script>alert(1)</script>' }), refusal('-40001', 'x'), refusal('doctype', '<em>')),
    'zh',
  )
  t.match(page, '<html lang="zh-CN">')
  t.match(page, '公众号流量报告')
  t.match(page, 'Traffic of the account')
  t.match(page, '&lt;script&gt;alert(1)')
  t.match(page, '签名校验失败')
  t.match(page, '&lt;em&gt;')
  t.notMatch(page, /<script|<em>|https?:\/\/|src=/)
})

t.test('the quickest and the slowest answers have a place in the charts', async t => {
  const page = renderReport(count(entry({ ms: 0 }), entry({ time: FROM, ms: 70_000 }), entry({ ms: 5000 })), 'en')
  t.notMatch(page, /NaN|Infinity|="-\d/)
  t.match(page, 'One was beyond the red line')
})

t.test('a page of nothing says so', async t => {
  const page = renderReport(count(), 'en')
  t.match(page, 'No message in this time.')
  t.notMatch(page, /NaN|Infinity|undefined/)
})

t.test('of a year each row is a week', async t => {
  const statistics = createStatistics(TO - 364 * 86_400_000, TO)
  statistics.add(entry({}))
  const page = renderReport(statistics.result(), 'en')
  t.equal(page.match(/<span class="day">[\d-]+<\/span>/g)?.length, 53)
  t.notMatch(page, /NaN|Infinity|undefined/)
})
