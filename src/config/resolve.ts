import { ConfigError } from '../errors.ts'
import { accountSettings, type Setting, settings } from './settings.ts'
import type { AccountConfig, Config } from './types.ts'

type Value = string | number | readonly unknown[]
type Values = Readonly<Record<string, Value>>
type Table = Readonly<Record<string, Setting>>
type Environment = Readonly<Record<string, string | undefined>>

/** A `ConfigError` that knows where it stands, so that whoever has the file's text can add the line. */
export class SettingError extends ConfigError {
  override name = 'SettingError'
  /** Undefined for a mistake in the environment. */
  readonly path: readonly string[] | undefined

  constructor(path: readonly string[] | undefined, en: string, zh: string) {
    super({ en, zh })
    this.path = path
  }
}

/** Nothing says what the Token is: the one setting without which nothing works. */
export class MissingTokenError extends SettingError {
  override name = 'MissingTokenError'

  constructor(path: readonly string[]) {
    const { permitted } = settings.token
    const name = JSON.stringify([...path, 'token'].join('.'))
    const [en, zh] = path.length > 0 ? ['', ''] : ['; or set WEIXIN_TOKEN', '；也可设置环境变量 WEIXIN_TOKEN']
    super(path, `${name} is missing; permitted: ${permitted.en}${en}`, `缺少 ${name}；应为：${permitted.zh}${zh}`)
  }
}

/**
 * The configuration from what the file holds and what the environment overrides. Pure.
 *
 * @param file the parsed `weixin.config.json`, or undefined when there is none
 * @param environment variables by name
 * @throws {ConfigError} that names the key and what is permitted, never the value
 */
export function resolveConfig(file: unknown, environment: Environment): Config {
  const { accounts, ...written } = entriesOf(file ?? {}, [])
  const values = checkedAccount(checkedValues(settings, written, [], environment), [])
  return {
    store: 'file:var',
    apiBase: 'https://api.weixin.qq.com',
    replayWindow: 300,
    deliveries: 3,
    answerWithin: 4500,
    handlerLimit: 60,
    keepAnswers: 86_400,
    customerService: 'on',
    lint: 'off',
    log: 'text',
    logLevel: 'info',
    logContents: 'off',
    journal: 'off',
    journalDays: 30,
    journalMegabytes: 100,
    ...values,
    accounts: resolveAccounts(accounts ?? {}, values.path),
  }
}

function resolveAccounts(written: unknown, defaultPath = '/'): Config['accounts'] {
  const accounts: Record<string, AccountConfig & { path: string }> = {}
  const paths = new Set([defaultPath])
  for (const [name, entries] of Object.entries(entriesOf(written, ['accounts']))) {
    const at = ['accounts', name]
    if (name === 'default' || !/^[\w-]{1,32}$/.test(name)) throw notAnAccountName(at)
    const account = checkedAccount(checkedValues(accountSettings, entriesOf(entries, at), at, {}), at)
    const path = account.path ?? `/${name}`
    if (paths.has(path)) throw samePath(at, path)
    paths.add(path)
    accounts[name] = { ...account, path }
  }
  return accounts
}

function entriesOf(written: unknown, at: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof written === 'object' && written !== null && !Array.isArray(written)) {
    return written as Readonly<Record<string, unknown>>
  }
  const [en, zh] = at.length > 0 ? [`${nameOf(at)} `, nameOf(at)] : ['', '']
  throw new SettingError(
    at,
    `${en}must hold one JSON object: { "token": "…" }`,
    `${zh}必须是一个 JSON 对象：{ "token": "…" }`,
  )
}

function checkedValues(
  table: Table,
  written: Readonly<Record<string, unknown>>,
  at: readonly string[],
  environment: Environment,
): Values {
  for (const key of Object.keys(written)) if (!Object.hasOwn(table, key)) throw unknownKey([...at, key], table)
  const values: Record<string, Value> = {}
  for (const [key, setting] of Object.entries(table)) {
    const overriding = environment[setting.environment]
    const value = overriding ?? written[key]
    const name = overriding === undefined ? nameOf([...at, key]) : setting.environment
    if (value !== undefined)
      values[key] = checkedValue(setting, value, name, overriding === undefined ? [...at, key] : undefined)
  }
  return values
}

function checkedValue(setting: Setting, value: unknown, name: string, at: readonly string[] | undefined): Value {
  const { pattern, permitted, number, flag, list } = setting
  if (list && Array.isArray(value)) return value
  if (value === '') {
    throw new SettingError(at, `${name} is empty; permitted: ${permitted.en}`, `${name} 是空的；应为：${permitted.zh}`)
  }
  if (flag && typeof value === 'boolean') return value ? 'on' : 'off'
  const text = number && typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !pattern.test(text)) {
    throw new SettingError(
      at,
      `${name} has a value that is not permitted; permitted: ${permitted.en}`,
      `${name} 的值不正确；应为：${permitted.zh}`,
    )
  }
  return number ? Number(text) : text
}

function checkedAccount(values: Values, at: readonly string[]): AccountConfig {
  const { token, aesKey, appId } = values
  if (token === undefined) throw new MissingTokenError(at)
  const mode = values['mode'] ?? (aesKey ? 'compatible' : 'plain')
  if (mode !== 'plain' && (!aesKey || !appId)) {
    throw new SettingError(
      [...at, 'mode'],
      `"mode" ${mode} needs "aesKey" and "appId" as well; or set "mode" to plain`,
      `"mode" 为 ${mode} 时还必须填写 "aesKey" 和 "appId"；或把 "mode" 改为 plain`,
    )
  }
  // Each value has matched the pattern of its setting, which says more than a type could.
  return { ...values, mode } as unknown as AccountConfig
}

/** Characters of a name that are shown: where a quote is missing, half the file can be one. */
const LONGEST_NAME = 80

function nameOf(at: readonly string[]): string {
  const name = at.join('.')
  return JSON.stringify(name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name)
}

function unknownKey(at: readonly string[], table: Table): SettingError {
  const permitted = [...Object.keys(table), ...(table === settings ? ['accounts'] : [])]
  return new SettingError(
    at,
    `unknown key ${nameOf(at)}; permitted: ${permitted.join(', ')}`,
    `未知的键 ${nameOf(at)}；允许的键：${permitted.join('、')}`,
  )
}

function notAnAccountName(at: readonly string[]): SettingError {
  return new SettingError(
    at,
    `${nameOf(at)}: an account's name is permitted 1 to 32 letters, digits, - or _, and not "default", which is the top level`,
    `${nameOf(at)}：账号名应为 1 到 32 个字母、数字、- 或 _，且不能是代表顶层的 "default"`,
  )
}

function samePath(at: readonly string[], path: string): SettingError {
  return new SettingError(
    at,
    `${nameOf(at)} has the path ${path} of another account; give each a "path" of its own`,
    `${nameOf(at)} 的路径 ${path} 与其他账号相同；请为每个账号设置不同的 "path"`,
  )
}
