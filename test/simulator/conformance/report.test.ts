import t from 'tap'
import { latencyPlot } from '../../../src/simulator/conformance/latency-plot.ts'
import { percentile } from '../../../src/simulator/conformance/percentile.ts'
import { renderReport } from '../../../src/simulator/conformance/report.ts'
import type { CheckResult, Run } from '../../../src/simulator/conformance/run.ts'

function runWith(result: Partial<CheckResult>): Run {
  const check = {
    name: 'access-echo',
    severity: 'must',
    title: { en: 'a title', zh: '标题' },
    why: { en: 'a reason', zh: '原因' },
    run: async () => {},
  } as const
  const results = [{ check, state: 'passed', milliseconds: 12.4, traces: [], ...result } as const]
  return { mode: 'safe', startedAt: 1893456000000, milliseconds: 3210, results, latencies: [10, 20, 6000] }
}

t.test('percentiles are of the nearest rank', async t => {
  t.equal(percentile([5, 1, 3], 0.5), 3)
  t.equal(percentile([5, 1, 3, 2], 0.5), 2)
  t.equal(percentile([5, 1, 3], 1), 5)
  t.equal(percentile([7], 0.01), 7)
  t.equal(percentile([], 0.5), 0)
})

t.test('the report says in both languages what was looked at and what came of it', async t => {
  const page = renderReport(runWith({}), 'http://127.0.0.1/?a=1&b=<2>', 5000, 'zh')
  t.match(page, /^<!doctype html>\n<html lang="zh-CN">/)
  t.match(page, '<p class="target">http://127.0.0.1/?a=1&amp;b=&lt;2&gt;</p>')
  t.match(page, '<span lang="en">0 failed, 0 could be better, 1 passed, 0 not judged</span>')
  t.match(page, '<span lang="zh-CN">不合格 0 项，建议改进 0 项，通过 1 项，未判定 0 项</span>')
  t.match(page, '2030-01-01 00:00:00 UTC, safe mode, 0 requests in 3.2 s')
  t.match(page, '2030-01-01 00:00:00 UTC，安全模式，3.2 秒内发出 0 个请求')
  t.match(page, 'id="zh" checked')
  t.notMatch(page, 'id="en" checked')
})

t.test('what must be is told apart from what should be, and the worst comes first', async t => {
  const [must] = runWith({ state: 'failed' }).results
  if (!must) throw new Error('there is one result')
  const should = { ...must, check: { ...must.check, name: 'access-markup', severity: 'should' as const } }
  const passed = { ...should, state: 'passed' as const }
  const skipped = { ...should, state: 'skipped' as const }
  const page = renderReport({ ...runWith({}), results: [passed, skipped, should, must] }, 'x', 5000, 'en')
  t.strictSame(
    [...page.matchAll(/<tr class="(\w+)"><td class="mark"><span lang="en">([^<]*)/g)].map(([, kind, mark]) => [
      kind,
      mark,
    ]),
    [
      ['failed', '✗ failed'],
      ['weak', '! could be better'],
      ['passed', '✓ passed'],
      ['skipped', '– not judged'],
    ],
  )
  t.match(page, '<p class="verdict failed"><span lang="en">1 failed, 1 could be better, 1 passed, 1 not judged</span>')
  const fine = renderReport({ ...runWith({}), results: [should, passed] }, 'x', 5000, 'en')
  t.match(fine, '<p class="verdict passed"><span lang="en">0 failed, 1 could be better, 1 passed, 0 not judged</span>')
})

t.test('what a responder sent does not become part of the page', async t => {
  const request = { method: 'GET', query: 'a=1', body: Buffer.alloc(0) }
  const answer = { status: 200, headers: { x: '<i>' }, body: Buffer.from('<script>\0\u001b[2J'), milliseconds: 1 }
  const finding = { en: '“<b>”', zh: '“<b>”' }
  const page = renderReport(runWith({ state: 'failed', finding, traces: [{ request, answer }] }), 'x', 5000, 'en')
  t.notMatch(page, /<script|<b>|<i>|(?!\n)\p{Cc}/u)
  t.match(page, '&lt;script&gt;\ufffd\ufffd[2J')
  t.match(page, 'x: &lt;i&gt;')
})

t.test('the plot has a dot for each message, late ones apart, on a scale that holds them all', async t => {
  const plot = latencyPlot([10, 20, 6000], 5000)
  t.equal(plot.match(/<circle/g)?.length, 3)
  t.equal(plot.match(/<circle class="late"/g)?.length, 1)
  t.match(plot, '<title>3: 6000 ms</title>')
  t.match(plot, '>5 s</text>')
  t.match(plot, '>p50 20 ms</text>')
  for (const [, y] of plot.matchAll(/cy="([\d.]+)"/g)) t.ok(Number(y) > 0 && Number(y) < 260)
  t.match(latencyPlot([0.2], 5000), '<circle cx="', 'less than a millisecond')
})
