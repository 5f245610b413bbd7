import fs from 'node:fs'
import path from 'node:path'
import { ConfigError } from '../errors.ts'
import { parseCommentedJson } from './json.ts'
import { MissingTokenError, resolveConfig, SettingError } from './resolve.ts'
import type { Config } from './types.ts'

const CONFIG_FILE = 'weixin.config.json'

type Environment = Readonly<Record<string, string | undefined>>

/** The file that `WEIXIN_CONFIG` names, or `weixin.config.json` in `directory`. */
export function configPath(environment: Environment, directory: string): string {
  return environment['WEIXIN_CONFIG'] ? path.resolve(environment['WEIXIN_CONFIG']) : path.join(directory, CONFIG_FILE)
}

/**
 * Reads and checks the configuration. A file need not exist when the environment says everything.
 *
 * @param directory where `weixin.config.json` is looked for: the project's own
 * @throws {ConfigError} one line with the key, the file, its line and what is permitted
 */
export async function loadConfig(environment: Environment, directory: string): Promise<Config> {
  const file = configPath(environment, directory)
  const text = readText(file, environment['WEIXIN_CONFIG'] !== undefined)
  try {
    return resolveConfig(text === undefined ? undefined : await parseCommentedJson(text), environment)
  } catch (error) {
    if (text === undefined) throw error instanceof MissingTokenError ? missingFile(error, file) : error
    throw await located(error, file, text)
  }
}

function readText(file: string, required: boolean): string | undefined {
  try {
    const text = fs.readFileSync(file, 'utf8')
    return text.startsWith('\uFEFF') ? text.slice(1) : text
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' && !required) return undefined
    throw new ConfigError(
      {
        en: `cannot read ${file}: ${code}; permitted: a JSON file that the server's user may read`,
        zh: `无法读取 ${file}：${code}；应为运行服务的用户可读的 JSON 文件`,
      },
      { cause: error },
    )
  }
}

function missingFile(error: ConfigError, file: string): ConfigError {
  return new ConfigError({
    en: `${error.message} (there is no ${file}; npm start makes a first one)`,
    zh: `${error.zh}（没有找到 ${file}；运行 npm start 会生成一份）`,
  })
}

const ONE_OBJECT = { en: 'one JSON object, { "token": "…" }', zh: '一个 JSON 对象：{ "token": "…" }' }

async function located(error: unknown, file: string, text: string): Promise<unknown> {
  const { lineOf, notJson } = await import('./locate.ts')
  if (error instanceof SyntaxError) return notJson(file, text, ONE_OBJECT)
  if (!(error instanceof SettingError) || error.path === undefined) return error
  const line = lineOf(text, error.path)
  const place = line === undefined ? file : `${file}:${line}`
  return new ConfigError({ en: `${place}: ${error.message}`, zh: `${place}：${error.zh}` })
}
