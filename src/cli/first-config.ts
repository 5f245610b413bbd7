import { randomBytes } from 'node:crypto'
import fs from 'node:fs'

/** A random Token of 24 letters and digits. */
export function newToken(): string {
  return randomBytes(12).toString('hex')
}

/** A random EncodingAESKey: 32 bytes in base64 without the `=` at the end, which are 43 characters. */
export function newAesKey(): string {
  return randomBytes(32).toString('base64').slice(0, 43)
}

/**
 * Writes a first configuration with a random Token, readable by its owner only (0600).
 *
 * @returns false when there is a file already; it is left alone
 */
export function writeFirstConfig(file: string): boolean {
  const config = { token: newToken(), mode: 'plain' }
  try {
    fs.writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
