import type { AccountApi } from './client/account.ts'
import { credentialsOf } from './config/credentials.ts'
import { loadConfig } from './config/load.ts'
import { createLogger, type Logger } from './log.ts'
import { openStore } from './store/open.ts'

/** Which account, and what is otherwise taken from the process. */
export interface OpenAccountOptions {
  /** `default`, or one of `accounts` in the configuration. */
  readonly account?: string
  /** What overrides `weixin.config.json`; the environment of the process if not given. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Standard error if not given. */
  readonly log?: Logger
}

/** An account for a program of the owner's own: its API, and what its web pages need. */
export interface OpenAccount extends Pick<AccountApi, 'client' | 'pages'> {
  /** Ends the connections that are kept open. */
  close(): Promise<void>
}

/**
 * For a program that is not the responder, such as the owner's web pages: it shares configuration, access token and
 * JS-SDK ticket with the responder, and should run as the same user.
 *
 * @param directory the folder of `weixin.config.json`
 * @throws {ConfigError} when the configuration has a mistake or no AppSecret, and {UsageError} when there is no such account
 */
export async function openAccount(directory: string, options: OpenAccountOptions = {}): Promise<OpenAccount> {
  const { account: name = 'default', environment = process.env } = options
  const log = options.log ?? createLogger(line => process.stderr.write(`${line}\n`))
  const config = await loadConfig(environment, directory)
  const credentials = credentialsOf(config, name)
  const { apiBase, proxy } = config
  const store = await openStore(config.store, { baseDirectory: directory })
  const { createAccountApi } = await import('./client/account.ts')
  const { client, pages } = createAccountApi({ ...credentials, apiBase, proxy, store, log })
  return {
    client,
    pages,
    async close() {
      client.close()
      await store.close()
    },
  }
}
