import type { Bilingual } from '../../errors.ts'
import type { Mode } from '../exchange.ts'
import type { Check } from './check.ts'
import { survival } from './checks/survival.ts'
import { stillAnswers } from './echo.ts'
import { Finding, NotJudged } from './finding.ts'
import { createPlayer, type PlayedAccount, type Stage, type Trace } from './player.ts'
import { NoAnswer, type Wire } from './wire.ts'

/** What is played against whom. */
export interface RunOptions {
  /** In the order in which the results are wanted. */
  readonly checks: readonly Check[]
  readonly account: PlayedAccount
  readonly wire: Wire
  /** Whether one process answers everything, which one hostile request may end, rather than a new one each time. */
  readonly lasting: boolean
  /** How many checks may run at one time. */
  readonly lanes: number
  /** Milliseconds that the platform waits for an answer. */
  readonly patience: number
  /** How many messages the latencies are measured with. */
  readonly messages: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Told when a check begins. */
  readonly progress?: (done: number, total: number, check: Check) => void
}

/** What became of one check. */
export interface CheckResult {
  readonly check: Check
  readonly state: 'passed' | 'failed' | 'skipped'
  /** What the responder does instead, or why nothing can be said. */
  readonly finding?: Bilingual
  readonly milliseconds: number
  /** What went over the wire. */
  readonly traces: readonly Trace[]
}

/** A whole run. */
export interface Run {
  readonly mode: Mode
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly milliseconds: number
  readonly results: readonly CheckResult[]
  /** Milliseconds of each measured message, in the order in which they were sent. */
  readonly latencies: readonly number[]
}

/**
 * Plays the checks against a responder: first what does no harm, several at a time; then what is hostile, one by one
 * where it could hurt the others, with a look afterwards whether the responder lives; then what needs quiet.
 *
 * @throws {NoAnswer} when nobody listens there at all
 */
export async function runChecks(options: RunOptions): Promise<Run> {
  const { checks, lanes, lasting, account, now } = options
  const stage: Stage = { ...options, latencies: [], shared: new Map() }
  const startedAt = now()
  const started = performance.now()
  await expectSomebody(stage)
  // Who never answers the access check cannot stop doing so.
  const lives = lasting && !(await findingOf(() => stillAnswers(createPlayer(stage))))
  const results = new Map<Check, CheckResult>()
  const inLanes = async (width: number, some: readonly Check[]) => {
    const queue = [...some]
    const lane = async () => {
      for (let check = queue.shift(); check; check = queue.shift()) {
        options.progress?.(results.size, checks.length, check)
        results.set(check, await play(check, stage, lives))
      }
    }
    await Promise.all(Array.from({ length: width }, lane))
  }
  const harmless = checks.filter(({ hostile, alone }) => !hostile && !alone)
  await inLanes(lanes, harmless)
  const hostile = checks.filter(check => check.hostile)
  await inLanes(lasting ? 1 : lanes, hostile)
  const alone = checks.filter(check => check.alone)
  await inLanes(1, alone)
  return {
    mode: account.mode,
    startedAt,
    milliseconds: performance.now() - started,
    results: checks.flatMap(check => results.get(check) ?? []),
    latencies: stage.latencies,
  }
}

async function expectSomebody(stage: Stage): Promise<void> {
  const player = createPlayer(stage)
  await player.get({ ...player.sign(), echostr: '1' }).catch(error => {
    if (error instanceof NoAnswer && error.silence === 'refused') throw error
  })
}

async function play(check: Check, stage: Stage, lives: boolean): Promise<CheckResult> {
  const player = createPlayer(stage)
  const started = performance.now()
  const result = (state: CheckResult['state'], finding?: Bilingual): CheckResult => ({
    check,
    state,
    ...(finding && { finding }),
    milliseconds: performance.now() - started,
    traces: player.traces,
  })
  if (check.modes && !check.modes.includes(stage.account.mode)) return result('skipped', otherMode(check.modes))
  if (stage.gone !== undefined && check !== survival) return result('skipped', goneSince(stage.gone))
  const before = await findingOf(() => check.run(player))
  const after = check.hostile && lives ? await findingOf(() => stillAnswers(player)) : undefined
  if (after && !(await comesBack(stage))) stage.gone = check.name
  if (before instanceof NotJudged && !after) return result('skipped', bilingual(before))
  const [first, second] = [before, after].filter(finding => finding instanceof Finding).map(bilingual)
  if (!first) return result('passed')
  return result('failed', second ? { en: `${first.en}; ${second.en}`, zh: `${first.zh}；${second.zh}` } : first)
}

async function findingOf(work: () => Promise<void>): Promise<Finding | NotJudged | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof Finding || error instanceof NotJudged) return error
    throw error
  }
}

const RECOVERY_MS = 1000

/** Whoever looks after the process may start another. */
async function comesBack(stage: Stage): Promise<boolean> {
  const started = performance.now()
  while (await findingOf(() => stillAnswers(createPlayer(stage)))) {
    if (performance.now() - started > RECOVERY_MS) return false
    await new Promise(resolve => setTimeout(resolve, RECOVERY_MS / 10))
  }
  return true
}

function bilingual({ message, zh }: Finding | NotJudged): Bilingual {
  return { en: message, zh }
}

function goneSince(name: string): Bilingual {
  return { en: `it has not answered since ${name}`, zh: `自 ${name} 之后不再应答` }
}

const MODES: Readonly<Record<Mode, Bilingual>> = {
  plain: { en: 'plain', zh: '明文' },
  compatible: { en: 'compatible', zh: '兼容' },
  safe: { en: 'safe', zh: '安全' },
}

function otherMode(modes: readonly Mode[]): Bilingual {
  return {
    en: `only in ${modes.map(mode => MODES[mode].en).join(' and ')} mode`,
    zh: `仅适用于${modes.map(mode => MODES[mode].zh).join('、')}模式`,
  }
}

/** How many of the results are in a state, of one severity if given. */
export function countResults({ results }: Run, state: CheckResult['state'], severity?: Check['severity']): number {
  return results.filter(result => result.state === state && (!severity || result.check.severity === severity)).length
}
