import type { AccountConfig, Mode } from './config/types.ts'
import { decodeAesKey } from './crypto/cipher.ts'
import type { Credentials } from './crypto/envelope.ts'

/** One official account, as far as its messages are concerned. */
export interface Account {
  /** `default`, or its name in the configuration. */
  readonly name: string
  /** What its messages are addressed to, where that is known: `gh_…`. */
  readonly originalId?: string
  /** How messages are sent; `safe` refuses everything that is not encrypted. */
  readonly mode: Mode
  /** The current Token, then the previous one while it is being changed. */
  readonly tokens: readonly string[]
  /** What encrypted messages are opened with; absent when the account has no EncodingAESKey. */
  readonly credentials?: Credentials
}

/** @throws {CryptoError} -40004 when an EncodingAESKey is not one; a checked configuration has none such */
export function createAccount(name: string, config: AccountConfig): Account {
  const { mode, originalId, token, previousToken, aesKey, previousAesKey, appId } = config
  const tokens = [token, previousToken].filter(value => value !== undefined)
  const aesKeys = [aesKey, previousAesKey].filter(value => value !== undefined).map(decodeAesKey)
  return {
    name,
    mode,
    tokens,
    ...(originalId && { originalId }),
    ...(appId && aesKeys.length > 0 && { credentials: { tokens, aesKeys, appId } }),
  }
}
