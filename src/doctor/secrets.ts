import { settings } from '../config/settings.ts'
import type { World } from './world.ts'

const SECRET_KEYS = ['token', 'previousToken', 'appSecret', 'aesKey', 'previousAesKey', 'store', 'proxy'] as const
/** A shorter one would take harmless words out of the sentences. */
const SHORTEST = 3

/**
 * What must not be shown, out of the environment and the configuration, whether or not that is JSON: every Token, key,
 * AppSecret, and the passwords in addresses.
 */
export function secretsOf({ environment, machine }: Pick<World, 'environment' | 'machine'>, file: string): string[] {
  const text = machine.readText(file) ?? ''
  const written = [...text.matchAll(new RegExp(`"(${SECRET_KEYS.join('|')})"\\s*:\\s*"([^"\\n]*)`, 'g'))]
  const named = SECRET_KEYS.map(key => [key, environment[settings[key].environment] ?? ''] as const)
  return [...written.map(([, key = '', value = '']) => [key, value] as const), ...named]
    .map(([key, value]) => (key === 'store' || key === 'proxy' ? passwordOf(value) : value))
    .filter(value => value.length >= SHORTEST)
    .sort((one, other) => other.length - one.length)
}

function passwordOf(address: string): string {
  return /^\w+:\/\/[^/@]*:([^/@]+)@/.exec(address)?.[1] ?? ''
}

/** A text with stars in the place of secrets, of what WeChat signs with, and of OpenIDs. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const hidden = secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text)
  return hidden
    .replace(/((?:msg_)?signature|access_token|secret|openid|nonce|echostr)=[^&\s"']+/g, '$1=***')
    .replace(/:\/\/([^/@\s:]*):[^/@\s]+@/g, '://$1:***@')
    .replace(/\bo[\w-]{27}\b/g, 'o***')
}
