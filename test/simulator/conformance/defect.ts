import type { Play } from './play.ts'
import type { Change } from './responder.ts'

/** One mistake, and exactly what it makes fail. */
export interface Defect extends Play {
  /** What the responder does wrong, in a few words. */
  readonly name: string
  readonly fails: readonly string[]
  readonly change: Change
}
