import { checks } from '../../../src/simulator/conformance/checks/index.ts'
import { type CheckResult, type Run, runChecks } from '../../../src/simulator/conformance/run.ts'
import { createUrlWire } from '../../../src/simulator/conformance/wire.ts'
import type { Mode } from '../../../src/simulator/exchange.ts'
import { ACCOUNT } from './responder.ts'

export interface Play {
  readonly mode?: Mode
  /** Milliseconds; WeChat's five seconds if not given. */
  readonly patience?: number
  /** The first words of the names of the checks; all of them if not given. */
  readonly only?: readonly string[]
}

/** Plays against a URL with few messages, for the sake of time. */
export function play(url: URL, { mode = 'compatible', patience = 5000, only }: Play = {}): Promise<Run> {
  return runChecks({
    checks: checks.filter(({ name }) => !only || only.some(beginning => name.startsWith(beginning))),
    account: { ...ACCOUNT, mode },
    wire: createUrlWire(url, patience),
    lasting: true,
    lanes: 4,
    patience,
    messages: 3,
    now: Date.now,
  })
}

export function namesOf({ results }: Run, state: CheckResult['state']): string[] {
  return results.filter(result => result.state === state).map(({ check }) => check.name)
}
