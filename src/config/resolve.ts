import { ConfigError } from '../errors.ts'
import { settings } from './settings.ts'
import type { Config } from './types.ts'

type Key = keyof Config
type Value = string | number | readonly unknown[]
type Environment = Readonly<Record<string, string | undefined>>

const KEYS = Object.keys(settings) as readonly Key[]

/** A `ConfigError` that knows its key, so that whoever has the file's text can add the line. */
export class SettingError extends ConfigError {
  override name = 'SettingError'
  readonly key: string

  constructor(key: string, en: string, zh: string) {
    super({ en, zh })
    this.key = key
  }
}

/** Nothing says what the Token is: the one setting without which nothing works. */
export class MissingTokenError extends ConfigError {
  override name = 'MissingTokenError'

  constructor() {
    const { permitted } = settings.token
    super({
      en: `"token" is missing; permitted: ${permitted.en}; or set WEIXIN_TOKEN`,
      zh: `缺少 "token"；应为：${permitted.zh}；也可设置环境变量 WEIXIN_TOKEN`,
    })
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
  const written = fileEntries(file)
  const values: Partial<Record<Key, Value>> = {}
  for (const key of KEYS) {
    const value = environment[settings[key].environment] ?? written[key]
    const name = environment[settings[key].environment] === undefined ? `"${key}"` : settings[key].environment
    if (value !== undefined) values[key] = checkedValue(key, name, value)
  }
  return completeConfig(values)
}

function fileEntries(file: unknown = {}): Readonly<Record<string, unknown>> {
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    throw new ConfigError({
      en: 'must hold one JSON object: { "token": "…" }',
      zh: '必须是一个 JSON 对象：{ "token": "…" }',
    })
  }
  for (const key of Object.keys(file)) {
    if (Object.hasOwn(settings, key)) continue
    const name = JSON.stringify(key)
    throw new SettingError(
      key,
      `unknown key ${name}; permitted: ${KEYS.join(', ')}`,
      `未知的键 ${name}；允许的键：${KEYS.join('、')}`,
    )
  }
  return file as Readonly<Record<string, unknown>>
}

function checkedValue(key: Key, name: string, value: unknown): Value {
  const { pattern, permitted, number, list } = settings[key]
  if (list && Array.isArray(value)) return value
  const text = number && typeof value === 'number' ? String(value) : value
  if (value === '') {
    throw new SettingError(key, `${name} is empty; permitted: ${permitted.en}`, `${name} 是空的；应为：${permitted.zh}`)
  }
  if (typeof text !== 'string' || !pattern.test(text)) {
    throw new SettingError(
      key,
      `${name} has a value that is not permitted; permitted: ${permitted.en}`,
      `${name} 的值不正确；应为：${permitted.zh}`,
    )
  }
  return number ? Number(text) : text
}

function completeConfig(values: Partial<Record<Key, Value>>): Config {
  const { token, aesKey, appId } = values
  if (token === undefined) {
    throw new MissingTokenError()
  }
  const mode = values.mode ?? (aesKey ? 'compatible' : 'plain')
  if (mode !== 'plain' && (!aesKey || !appId)) {
    throw new SettingError(
      aesKey ? 'appId' : 'aesKey',
      `"mode" ${mode} needs "aesKey" and "appId" as well; or set "mode" to plain`,
      `"mode" 为 ${mode} 时还必须填写 "aesKey" 和 "appId"；或把 "mode" 改为 plain`,
    )
  }
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
    ...values,
    mode,
  } as Config
}
