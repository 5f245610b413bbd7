import { hash, timingSafeEqual } from 'node:crypto'

const HEX40 = /^[0-9a-f]{40}$/i
/** As long as a signature, and equal to none. */
const UNEQUAL = '-'.repeat(40)

/**
 * WeChat's signature: the parts sorted by code unit (never as numbers, never by locale), joined without a separator,
 * SHA-1, 40 lower-case hex digits ("Server access check" of the message-push documentation).
 *
 * @param parts Token, timestamp and nonce for `signature`; and the Encrypt text as well for `msg_signature`
 */
export function sign(...parts: string[]): string {
  return hash('sha1', parts.sort().join(''))
}

/**
 * Which of the Tokens made a signature: the first that did, or undefined when none did. Every Token is tried, each
 * compared in constant time, so that the time taken does not tell which one it was.
 *
 * @param signature as received; capitals are tolerated, anything but 40 hex digits matches nothing
 * @param tokens the current Token and, while it is being changed, the previous one
 * @param parts everything that was signed except the Token
 */
export function verifySignature(signature: string, tokens: readonly string[], ...parts: string[]): string | undefined {
  // timingSafeEqual throws on unequal lengths, so a malformed signature is compared with what cannot be equal.
  const received = Buffer.from(HEX40.test(signature) ? signature.toLowerCase() : UNEQUAL, 'latin1')
  let signer: string | undefined
  for (const token of tokens) {
    if (timingSafeEqual(Buffer.from(sign(token, ...parts), 'latin1'), received)) signer ??= token
  }
  return signer
}
