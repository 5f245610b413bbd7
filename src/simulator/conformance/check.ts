import type { Bilingual } from '../../errors.ts'
import type { Mode } from '../exchange.ts'
import type { Player } from './player.ts'

/** `must`: WeChat or a follower loses something without it. `should`: it bites some day, or helps an attacker. */
export type Severity = 'must' | 'should'

/** One thing that a right responder does, whoever wrote it. */
export interface Check {
  /** In lower case with hyphens; the first word is its group. */
  readonly name: string
  readonly severity: Severity
  /** What a right responder does. */
  readonly title: Bilingual
  /** Why it matters to WeChat or to followers. */
  readonly why: Bilingual
  /** The modes of the account in which it means something; all of them if not given. */
  readonly modes?: readonly Mode[]
  /** Whether it sends what could bring a responder down: it is looked afterwards whether it still answers. */
  readonly hostile?: true
  /** Whether nothing else may run meanwhile. */
  readonly alone?: true
  /**
   * @throws {Finding} what the responder does instead
   * @throws {NotJudged} when this responder shows nothing that could be judged
   */
  run(player: Player): Promise<void>
}

/** The part of a check's name that it shares with others of its kind. */
export function groupOf({ name }: Pick<Check, 'name'>): string {
  return name.slice(0, name.indexOf('-'))
}

/** The modes in which messages come encrypted. */
export const ENCRYPTED = ['compatible', 'safe'] as const satisfies readonly Mode[]
