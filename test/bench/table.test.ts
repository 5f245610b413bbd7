import t from 'tap'
import { renderPage } from './page.ts'
import { ticksTo } from './plots.ts'
import type { Group, Report } from './result.ts'
import { figure, renderGrowth, renderMachine, renderTable } from './table.ts'

const group: Group = {
  id: 'cgi',
  title: { en: 'CGI', zh: 'CGI 启动' },
  unit: 'ms',
  contestants: [
    { name: { en: 'node', zh: 'node 空文件' }, values: [20, 25, 50] },
    { name: { en: 'ours', zh: '本项目' }, values: [30, 50, 75] },
  ],
  remark: { en: 'One < process.', zh: '一个进程。' },
}

const report: Report = {
  machine: {
    date: '2026-11-22 17:40 UTC',
    command: 'npm run bench',
    processor: 'Epyc',
    cores: 2,
    system: 'Linux 6',
    versions: { Node: '20.20.2', Go: '1.19' },
    load: [0.5, 3.2],
  },
  groups: [group],
  growth: {
    points: [
      [0, 50],
      [1000, 70.25],
    ],
    slope: 0.125,
  },
  leftOut: [{ en: 'PHP-FPM is not installed', zh: '未安装 PHP-FPM' }],
  failures: [],
}

t.test('a table gives the median ratio to the first one, its range, and the values', async t => {
  t.equal(
    renderTable(group),
    [
      'CGI, ms  ratio    min–max   min  median   max',
      '  node    1.00  1.00–1.00  20.0    25.0  50.0',
      '  ours    1.50  1.50–2.00  30.0    50.0  75.0',
    ].join('\n'),
  )
})

t.test('a figure has three digits that count', async t => {
  t.same([12345.6, 100, 25.04, 1.234, 0.0456].map(figure), ['12346', '100', '25.0', '1.23', '0.046'])
})

t.test('memory is told from the first message to the last', async t => {
  t.equal(
    renderGrowth({ points: report.growth?.points ?? [], slope: 0.125 }),
    'Memory of a FastCGI process, MB: 50.0 at first, 70.3 after 1000 messages,\n' +
      '  70.3 at the most; 0.13 more with each 100 000 messages of the second half',
  )
})

t.test('the machine is told with its load and the versions of what ran', async t => {
  t.equal(
    renderMachine(report.machine),
    '2026-11-22 17:40 UTC  npm run bench\n2 × Epyc, Linux 6; load 0.5 before, 3.2 after\nNode 20.20.2, Go 1.19',
  )
})

t.test('the page holds every contestant in both languages, and nothing that is loaded or run', async t => {
  const page = renderPage(report)
  for (const text of ['ours', '本项目', '1.50–2.00', 'One &#60; process.', '未安装 PHP-FPM', 'Every answer was right'])
    t.match(page, text)
  t.notMatch(page, /<script|https?:|url\(|@import/)
})

t.test('the page says first what was answered wrongly', async t => {
  const page = renderPage({ ...report, failures: ['ours: 1 of 2000 without a right answer'] })
  t.match(page, 'class="verdict failed"')
  t.match(page, '1 of 2000 without a right answer')
})

t.test('a scale has round figures', async t => {
  t.same(ticksTo(15_647), [0, 5000, 10_000, 15_000])
  t.same(ticksTo(98.3), [0, 20, 40, 60, 80])
  t.same(ticksTo(0.5), [0, 0.1, 0.2, 0.3, 0.4, 0.5])
})
