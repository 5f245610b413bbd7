import os from 'node:os'
import type { Test } from 'tap'
import { checks } from '../../../src/simulator/conformance/checks/index.ts'
import { runChecks } from '../../../src/simulator/conformance/run.ts'
import { createUrlWire, type Wire } from '../../../src/simulator/conformance/wire.ts'
import { deploy } from '../../integration/deployment.ts'
import { startWay, type Way } from '../../integration/ways.ts'
import { namesOf } from './play.ts'
import { ACCOUNT } from './responder.ts'

export const CONFIG = {
  token: ACCOUNT.token,
  appId: ACCOUNT.appId,
  aesKey: ACCOUNT.key.toString('base64').slice(0, -1),
  mode: 'safe',
}
export const PATIENCE = 5000

/** Where every request is a process of its own, one of each kind has to do. */
const CHEAPER = ['access', 'reply', 'cipher', 'http', 'limit', 'redelivery']

/** How quick the answers usually are depends on what else this machine has to do. */
const isOfTheMachine = (name: string) => name === 'timing-usual'

/** Every check passes, or is of another mode. */
export async function passes(t: Test, wire: Wire, { lasting, all = lasting }: { lasting: boolean; all?: boolean }) {
  const run = await runChecks({
    checks: checks.filter(
      ({ name }) => !isOfTheMachine(name) && (all || CHEAPER.includes(name.split('-', 1)[0] ?? '')),
    ),
    account: { ...ACCOUNT, mode: 'safe' },
    wire,
    lasting,
    lanes: lasting ? 4 : os.availableParallelism() + 1,
    patience: PATIENCE,
    messages: 5,
    now: Date.now,
  })
  const failures = run.results.filter(({ state }) => state === 'failed')
  t.strictSame(
    failures.map(({ check, finding }) => `${check.name}: ${finding?.en}`),
    [],
  )
  t.strictSame(namesOf(run, 'skipped'), all ? ['message-openid', 'mode-plain'] : [])
}

/** The responder behind Apache passes. */
export async function apachePasses(t: Test, way: Way): Promise<void> {
  const port = await startWay(t, way, deploy(t, CONFIG))
  const wire = createUrlWire(new URL(`http://127.0.0.1:${port}/`), PATIENCE)
  await passes(t, wire, { lasting: !isCgi(way) })
}

/** Whether every request is a process of its own. */
export function isCgi({ name }: Way): boolean {
  return name.startsWith('CGI')
}
