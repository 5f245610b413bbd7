import type { Bilingual, Language } from '../../errors.ts'
import { bilingualPage, both, escapeHtml } from '../../html.ts'
import { latencyPlot } from './latency-plot.ts'
import { percentile } from './percentile.ts'
import type { Trace } from './player.ts'
import { STYLE } from './report-style.ts'
import { type CheckResult, countResults, type Run } from './run.ts'

/**
 * A run as one HTML page in both languages that needs nothing else.
 *
 * @param target what was looked at, as the reader named it
 * @param patience milliseconds that the platform waits for an answer
 * @param language the one that is shown first
 */
export function renderReport(run: Run, target: string, patience: number, language: Language): string {
  const failed = countResults(run, 'failed', 'must')
  const body = `<h1>${both({ en: 'Conformance of a WeChat responder', zh: '公众号服务一致性检查' })}</h1>
<p class="target">${escapeHtml(target)}</p>
<p class="verdict ${failed > 0 ? 'failed' : 'passed'}">${both(verdict(run))}</p>
<p>${both(circumstances(run))}</p>
${latencies(run, patience)}
<h2>${both({ en: 'Checks', zh: '检查项' })}</h2>
<div class="table" tabindex="0" role="region" aria-label="Checks / 检查项"><table>
<thead><tr><th>${both({ en: 'Result', zh: '结果' })}</th><th>${both({ en: 'Check', zh: '检查' })}</th><th>${both({
    en: 'What a right responder does, and why',
    zh: '正确的做法及原因',
  })}</th><th class="number">ms</th></tr></thead>
<tbody>
${worstFirst(run.results).map(row).join('\n')}
</tbody></table></div>`
  return bilingualPage({ title: `${target} – weixin conformance`, style: STYLE, body, language })
}

/** The outcome in one sentence. */
export function verdict(run: Run): Bilingual {
  const musts = countResults(run, 'failed', 'must')
  const shoulds = countResults(run, 'failed', 'should')
  const passed = countResults(run, 'passed')
  const skipped = countResults(run, 'skipped')
  return {
    en: `${musts} failed, ${shoulds} could be better, ${passed} passed, ${skipped} not judged`,
    zh: `不合格 ${musts} 项，建议改进 ${shoulds} 项，通过 ${passed} 项，未判定 ${skipped} 项`,
  }
}

function circumstances({ mode, startedAt, milliseconds, results }: Run): Bilingual {
  const at = new Date(startedAt).toISOString().replace('T', ' ').slice(0, 19)
  const seconds = (milliseconds / 1000).toFixed(1)
  // Several checks may judge the same exchange.
  const requests = new Set(results.flatMap(({ traces }) => traces)).size
  const modes = { plain: '明文', compatible: '兼容', safe: '安全' }
  return {
    en: `${at} UTC, ${mode} mode, ${requests} requests in ${seconds} s`,
    zh: `${at} UTC，${modes[mode]}模式，${seconds} 秒内发出 ${requests} 个请求`,
  }
}

function latencies({ latencies }: Run, patience: number): string {
  if (latencies.length === 0) return ''
  const [median, most, worst] = [0.5, 0.95, 1].map(share => Math.round(percentile(latencies, share)))
  return `<h2>${both({ en: 'Latency', zh: '应答时间' })}</h2>
<figure>${latencyPlot(latencies, patience)}
<figcaption>${both({
    en: `${latencies.length} text messages one after the other: half within ${median} ms, 95 % within ${most} ms, the slowest ${worst} ms. The red line is where WeChat hangs up.`,
    zh: `依次发送 ${latencies.length} 条文本消息：一半在 ${median} ms 内，95% 在 ${most} ms 内，最慢 ${worst} ms。红线处微信断开连接。`,
  })}</figcaption></figure>`
}

function worstFirst(results: readonly CheckResult[]): readonly CheckResult[] {
  const rank = ({ state, check }: CheckResult) => (state !== 'failed' ? 2 : check.severity === 'should' ? 1 : 0)
  return results.toSorted((a, b) => rank(a) - rank(b))
}

const MARKS: Readonly<Record<string, Bilingual>> = {
  passed: { en: '✓ passed', zh: '✓ 通过' },
  failed: { en: '✗ failed', zh: '✗ 不合格' },
  weak: { en: '! could be better', zh: '! 建议改进' },
  skipped: { en: '– not judged', zh: '– 未判定' },
}

function row({ check, state, finding, milliseconds, traces }: CheckResult): string {
  const outcome = state === 'failed' && check.severity === 'should' ? 'weak' : state
  const mark = MARKS[outcome] ?? { en: outcome, zh: outcome }
  const severity = { must: { en: 'must', zh: '必须' }, should: { en: 'should', zh: '应当' } }[check.severity]
  const details = state === 'failed' ? exchanges(traces) : ''
  return `<tr class="${outcome}"><td class="mark">${both(mark)}</td>
<td><code>${check.name}</code><br><small>${both(severity)}</small></td>
<td>${both(check.title)}${finding ? `<p class="finding">${both(finding)}</p>` : ''}
<p class="why">${both(check.why)}</p>${details}</td>
<td class="number">${Math.round(milliseconds)}</td></tr>`
}

const TOLD = 2

/** The last exchanges of a failed check: the finding is about the last one. */
function exchanges(traces: readonly Trace[]): string {
  const last = traces.slice(-TOLD).map(exchange).join('\n\n')
  if (!last) return ''
  return `<details><summary>${both({ en: 'Last exchanges', zh: '最后几次收发' })}</summary><pre>${escapeHtml(last)}</pre></details>`
}

function exchange({ request, answer }: Trace): string {
  const asked = `${request.method} ?${request.query}\n${shortened(request.body)}`
  if (!answer) return `${asked}\n→ –`
  const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`)
  return `${asked}\n→ ${[answer.status, ...headers].join('\n  ')}\n\n${shortened(answer.body)}`
}

const SHOWN = 800

function shortened(body: Buffer): string {
  const text = body.toString()
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}
