import { type Bilingual, WeixinError } from '../errors.ts'
import type { Check, Finding } from './check.ts'
import type { Patient } from './patient.ts'

/** One finding, and the check that it is from. */
export interface Result extends Finding {
  readonly check: Check
}

/**
 * Makes the checks one after the other. A check that needs one that has failed, or was not made because of one, is not made:
 * it would blame what is not to blame. A defect in a check is a warning of that check.
 *
 * @param progress told the check that begins
 */
export async function examine(
  checks: readonly Check[],
  patient: Patient,
  progress: (check: Check, index: number) => void = () => {},
): Promise<Result[]> {
  const results: Result[] = []
  /** The first cause of each check that has no result of its own, or a bad one. */
  const causes = new Map<string, Check>()
  for (const [index, check] of checks.entries()) {
    progress(check, index)
    const causesHere = check.needs?.map(name => causes.get(name))
    const cause = checks.find(each => causesHere?.includes(each))
    const findings = cause ? [notJudged(cause)] : await look(check, patient)
    if (cause ?? findings.some(({ state }) => state === 'failure')) causes.set(check.name, cause ?? check)
    results.push(...findings.map(finding => ({ ...finding, check })))
  }
  return results
}

async function look(check: Check, patient: Patient): Promise<readonly Finding[]> {
  try {
    return [await check.look(patient)].flat()
  } catch (error) {
    return [{ state: 'warning', saw: notPossible(error), todo: REPORT_IT }]
  }
}

function notJudged({ name, title }: Check): Finding {
  return {
    state: 'skipped',
    saw: { en: `not judged because of “${name}” (${title.en})`, zh: `因“${name}”（${title.zh}）未通过，暂不判断` },
  }
}

function notPossible(error: unknown): Bilingual {
  const [en, zh] = error instanceof WeixinError ? [error.message, error.zh] : [String(error), String(error)]
  return { en: `this could not be checked: ${en}`, zh: `无法完成此项检查：${zh}` }
}

const REPORT_IT: Bilingual = { en: 'look at this by hand', zh: '请人工检查此项' }
