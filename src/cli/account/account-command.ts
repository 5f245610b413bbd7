import fs from 'node:fs'
import path from 'node:path'
import { type AccountApi, createAccountApi } from '../../client/account.ts'
import { ApiError } from '../../client/api-error.ts'
import { TransportError } from '../../client/transport-error.ts'
import { credentialsOf } from '../../config/credentials.ts'
import { loadConfig } from '../../config/load.ts'
import type { Config } from '../../config/types.ts'
import type { Bilingual } from '../../errors.ts'
import type { LogFields, Logger } from '../../log.ts'
import { openStore } from '../../store/open.ts'
import { StoreError } from '../../store/store-error.ts'
import type { Store } from '../../store/types.ts'
import { TokenError } from '../../token/token-error.ts'
import type { Terminal } from '../terminal/command.ts'
import { AnswerFieldError } from './answer-field.ts'

/** What every command takes that calls the API. */
export const ACCOUNT_OPTIONS = {
  account: { type: 'string', default: 'default' },
  json: { type: 'boolean', default: false },
} as const

/** The lines of `--help` about them, and about the exit codes. */
export const ACCOUNT_USAGE: Bilingual = {
  en: `  --account NAME    one of "accounts" in the configuration (default: the account of its top level)
  --json            JSON for scripts in place of a table

Exit code: 0 done, 1 WeChat refused or could not be reached, 2 a mistake in the command or the configuration.`,
  zh: `  --account 名称    配置中 "accounts" 里的账号（默认为顶层的账号）
  --json            输出 JSON 供脚本使用，而不是表格

退出码：0 完成；1 微信拒绝或无法连接；2 命令或配置有误。`,
}

/**
 * Does `work` with the API of an account. What WeChat refuses is one line in the reader's language, and exit code 1.
 *
 * @returns the exit code
 * @throws {ConfigError} {UsageError} when there is no such account, or it has no AppSecret
 */
export async function withAccount(
  name: string,
  terminal: Terminal,
  work: (api: AccountApi, config: Config) => Promise<number>,
): Promise<number> {
  const config = await loadConfig(terminal.environment, terminal.directory)
  const credentials = credentialsOf(config, name)
  const store = await openSharedStore(config.store, terminal)
  const { log, warnings } = collectWarnings()
  const { apiBase, proxy } = config
  const api = createAccountApi({ ...credentials, tokenTimeout: TOKEN_TIMEOUT, apiBase, proxy, store, log })
  let told: string | undefined
  try {
    return await work(api, config)
  } catch (error) {
    if (!isRefusal(error)) throw error
    told = error.message
    terminal.overwrite('')
    terminal.printError(`weixin: ${error.in(terminal.language)}`)
    return 1
  } finally {
    for (const warning of warnings) {
      if (told === undefined || !warning.startsWith(told)) terminal.printError(`weixin: ${warning}`)
    }
    api.client.close()
    await store.close()
  }
}

/** Whether it went wrong over there, and the command was right. */
function isRefusal(error: unknown): error is ApiError | TransportError | TokenError | StoreError | AnswerFieldError {
  return [ApiError, TransportError, TokenError, StoreError, AnswerFieldError].some(kind => error instanceof kind)
}

/** Milliseconds: no follower is waiting; less than what others wait for who has the lease. */
const TOKEN_TIMEOUT = 5000
const ROOT = 0

/**
 * The store of the web server. Where its folder is missing and root asks, nothing is kept: a folder of root's would be
 * of no use to the web server, and nobody can say whose it should be.
 */
async function openSharedStore(setting: string, { directory, printError, say }: Terminal): Promise<Store> {
  const options = { baseDirectory: directory }
  if (process.geteuid?.() !== ROOT || !setting.startsWith('file:')) return openStore(setting, options)
  const folder = path.resolve(directory, setting.slice('file:'.length))
  if (fs.existsSync(folder)) return openStore(setting, options)
  printError(
    say({
      en: `weixin: ${folder} is not there; root does not make it, because the web server could not use it: nothing is kept. Make it for the web server's user: install -d -m 700 -o www-data ${folder}`,
      zh: `weixin：${folder} 不存在；root 创建的目录 Web 服务器无法使用，因此不创建，也不保存任何内容。请为 Web 服务器的用户创建：install -d -m 700 -o www-data ${folder}`,
    }),
  )
  return openStore('memory:', options)
}

/** Told when the work is done: what is thrown as well need not be told twice. */
function collectWarnings(): { log: Logger; warnings: readonly string[] } {
  const warnings: string[] = []
  const add = (message: string, fields: LogFields = {}) => {
    const details = Object.entries(fields).map(([name, value]) => `${name}=${value}`)
    warnings.push([message, ...details].join(' '))
  }
  return { warnings, log: { debug() {}, info() {}, warn: add, error: add } }
}
