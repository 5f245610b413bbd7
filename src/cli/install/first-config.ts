import { randomBytes, randomInt } from 'node:crypto'
import fs from 'node:fs'

/** A random Token of 24 letters and digits. */
export function newToken(): string {
  return randomBytes(12).toString('hex')
}

/** A random EncodingAESKey: 43 letters and digits, which is all that the console takes, and base64 of 32 bytes. */
export function newAesKey(): string {
  return randomBytes(32).toString('base64').slice(0, 43).replace(/[+/]/g, newLetter)
}

function newLetter(): string {
  return String.fromCharCode(97 + randomInt(26))
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
