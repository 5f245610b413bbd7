import t from 'tap'
import { latencyHistogram } from '../../src/traffic/latency-charts.ts'

const labels = (svg: string) =>
  [...svg.matchAll(/text-anchor="(\w+)">((?:p95|5 s)[^<]*)</g)].map(([, anchor, text]) => `${text}: ${anchor}`)

t.test('p95 and the five seconds are not written over one another', async t => {
  const answers = (ms: number) => latencyHistogram([...Array<number>(50).fill(40), ...Array<number>(50).fill(ms)])
  t.strictSame(labels(answers(80)), ['p95 80 ms: middle', '5 s: middle'])
  t.strictSame(labels(answers(3400)), ['p95 3.4 s: end', '5 s: start'])
  t.strictSame(labels(answers(6200)), ['p95 6.2 s: start', '5 s: end'])
})
