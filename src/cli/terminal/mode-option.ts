import type { Mode } from '../../config/types.ts'
import { UsageError } from '../../errors.ts'

/** What `--mode` says. @throws {UsageError} when it is no mode */
export function readMode(text: string): Mode {
  if (text === 'plain' || text === 'compatible' || text === 'safe') return text
  throw new UsageError({
    en: `--mode ${text}: plain, compatible or safe is permitted`,
    zh: `--mode ${text}：应为 plain（明文）、compatible（兼容）或 safe（安全）`,
  })
}
