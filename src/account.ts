import type { Config, Mode } from './config/types.ts'
import { decodeAesKey } from './crypto/cipher.ts'
import type { Credentials } from './crypto/envelope.ts'

/** One official account, as far as its messages are concerned. */
export interface Account {
  /** How messages are sent; `safe` refuses everything that is not encrypted. */
  readonly mode: Mode
  /** The current Token, then the previous one while it is being changed. */
  readonly tokens: readonly string[]
  /** What encrypted messages are opened with; absent when the account has no EncodingAESKey. */
  readonly credentials?: Credentials
}

/** @throws {CryptoError} -40004 when an EncodingAESKey is not one; a checked configuration has none such */
export function createAccount(config: Config): Account {
  const { mode, token, previousToken, aesKey, previousAesKey, appId } = config
  const tokens = [token, previousToken].filter(value => value !== undefined)
  const aesKeys = [aesKey, previousAesKey].filter(value => value !== undefined).map(decodeAesKey)
  return { mode, tokens, ...(appId && aesKeys.length > 0 && { credentials: { tokens, aesKeys, appId } }) }
}
