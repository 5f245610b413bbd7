import { randomBytes } from 'node:crypto'
import fs from 'node:fs'

/**
 * Writes a first configuration with a random Token of 24 letters and digits, readable by its owner only (0600).
 *
 * @returns false when there is a file already; it is left alone
 */
export function writeFirstConfig(file: string): boolean {
  const token = randomBytes(12).toString('hex')
  try {
    fs.writeFileSync(file, `${JSON.stringify({ token, mode: 'plain' }, null, 2)}\n`, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
