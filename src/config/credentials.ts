import { ConfigError, UsageError } from '../errors.ts'
import type { AccountConfig, Config } from './types.ts'

/** What an account calls the API with. */
export interface ApiCredentials extends Pick<AccountConfig, 'tokenEndpoint'> {
  readonly appId: string
  readonly appSecret: string
}

/**
 * Of `default`, or of one of `accounts`.
 *
 * @throws {UsageError} when there is no such account, and {ConfigError} when it has no AppSecret
 */
export function credentialsOf(config: Config, name: string): ApiCredentials {
  const { appId, appSecret, tokenEndpoint } = accountOf(config, name)
  if (appId && appSecret) return { appId, appSecret, ...(tokenEndpoint && { tokenEndpoint }) }
  throw new ConfigError({
    en: `the account ${name} needs "appId" and "appSecret" in the configuration to call WeChat's API`,
    zh: `账号 ${name} 需要在配置中填写 "appId" 和 "appSecret" 才能调用微信接口`,
  })
}

function accountOf(config: Config, name: string): AccountConfig {
  if (name === 'default') return config
  const account = Object.hasOwn(config.accounts, name) ? config.accounts[name] : undefined
  if (account) return account
  const known = ['default', ...Object.keys(config.accounts)]
  throw new UsageError({
    en: `there is no account ${name} in the configuration; permitted: ${known.join(', ')}`,
    zh: `配置中没有账号 ${name}；可用：${known.join('、')}`,
  })
}
