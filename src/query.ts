import { refusals } from './refusal.ts'

/** What WeChat puts behind the question mark ("Server access check" and "Message push"). */
export interface WebhookQuery {
  readonly signature: string
  /** Unix seconds, as the decimal text that was signed. */
  readonly timestamp: string
  readonly nonce: string
  /** Present on the access check (GET) only. */
  readonly echostr?: string
  /** `aes` when the body holds an encrypted message. */
  readonly encryptType?: string
  readonly msgSignature?: string
}

const NAMES = new Set(['signature', 'timestamp', 'nonce', 'echostr', 'encrypt_type', 'msg_signature'])

/**
 * Reads the query string. Other parameters are the owner's own and are passed over.
 *
 * @throws {Refusal} 403 when signature, timestamp or nonce is missing, when one of WeChat's parameters is repeated,
 * or when it cannot be decoded
 */
export function readQuery(query: string): WebhookQuery {
  const values = new Map<string, string>()
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    const name = decode(equals < 0 ? pair : pair.slice(0, equals))
    if (name === undefined || !NAMES.has(name)) continue
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1))
    if (value === undefined || values.has(name)) throw refusals.query(name)
    values.set(name, value)
  }
  const echostr = values.get('echostr')
  const encryptType = values.get('encrypt_type')
  const msgSignature = values.get('msg_signature')
  return {
    signature: required(values, 'signature', /^[0-9a-fA-F]{40}$/),
    timestamp: required(values, 'timestamp', /^\d{1,16}$/),
    nonce: required(values, 'nonce', /^[\x21-\x7e]{1,128}$/),
    ...(echostr !== undefined && { echostr }),
    ...(encryptType !== undefined && { encryptType }),
    ...(msgSignature !== undefined && { msgSignature }),
  }
}

function required(values: ReadonlyMap<string, string>, name: string, shape: RegExp): string {
  const value = values.get(name)
  if (value === undefined || !shape.test(value)) throw refusals.query(name)
  return value
}

/** Undefined for a broken escape or bytes that are not UTF-8. */
function decode(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
