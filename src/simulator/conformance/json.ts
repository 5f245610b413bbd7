import { groupOf } from './check.ts'
import { percentile } from './percentile.ts'
import { countResults, type Run } from './run.ts'

/** A run for other programs; texts in both languages. */
export function runAsJson(run: Run, target: string) {
  const { latencies } = run
  return {
    target,
    mode: run.mode,
    startedAt: new Date(run.startedAt).toISOString(),
    milliseconds: Math.round(run.milliseconds),
    passed: countResults(run, 'passed'),
    failed: { must: countResults(run, 'failed', 'must'), should: countResults(run, 'failed', 'should') },
    skipped: countResults(run, 'skipped'),
    latency: {
      median: percentile(latencies, 0.5),
      p95: percentile(latencies, 0.95),
      slowest: percentile(latencies, 1),
      milliseconds: latencies,
    },
    checks: run.results.map(({ check, state, finding, milliseconds, traces }) => ({
      name: check.name,
      group: groupOf(check),
      severity: check.severity,
      state,
      title: check.title,
      why: check.why,
      ...(finding && { finding }),
      requests: traces.length,
      milliseconds: Math.round(milliseconds),
    })),
  }
}
