import type { Bilingual } from '../errors.ts'
import type { Patient } from './patient.ts'

/** `skipped`: not judged, because of another check or because there is nothing to judge. */
export type State = 'ok' | 'warning' | 'failure' | 'skipped'

/** What a check has seen, and what to do about it. */
export interface Finding {
  readonly state: State
  readonly saw: Bilingual
  readonly todo?: Bilingual
}

/** One thing that can be wrong. */
export interface Check {
  readonly name: string
  readonly title: Bilingual
  /** Names of the checks without which this one would blame the wrong thing. */
  readonly needs?: readonly string[]
  look(patient: Patient): Findings | Promise<Findings>
}

export type Findings = Finding | readonly Finding[]

export function ok(saw: Bilingual): Finding {
  return { state: 'ok', saw }
}

export function warning(saw: Bilingual, todo: Bilingual): Finding {
  return { state: 'warning', saw, todo }
}

export function failure(saw: Bilingual, todo: Bilingual): Finding {
  return { state: 'failure', saw, todo }
}

/** There is nothing to judge, and nobody is to blame. */
export function skipped(saw: Bilingual): Finding {
  return { state: 'skipped', saw }
}
