import { type Bilingual, UsageError } from '../../errors.ts'
import type { Terminal } from './command.ts'

/**
 * Whether the person at the keyboard agrees: `y`, `yes` or `是`, and nothing else.
 *
 * @throws {UsageError} when nobody is there
 */
export async function isConfirmed(question: Bilingual, { ask, say }: Terminal): Promise<boolean> {
  const answer = await ask(`${say(question)} [y/N] `)
  if (answer !== undefined) return /^\s*(y|yes|是)\s*$/i.test(answer)
  throw new UsageError({ en: 'nobody is there to confirm; say --yes', zh: '没有终端可供确认；请使用 --yes' })
}
