import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { AccountConfig } from '../../config/types.ts'
import type { FakeApi } from '../../simulator/api/fake-api.ts'
import { startFakeApi } from '../../simulator/api/server.ts'
import type { SimulatedAccount } from '../../simulator/exchange.ts'
import { SAMPLE_ACCOUNT } from '../../simulator/message.ts'
import { newAesKey } from '../install/first-config.ts'
import type { Terminal } from '../terminal/command.ts'
import { readJsonFile } from '../terminal/read-json.ts'
import { inDevelopment } from './development.ts'

/** The platform that `weixin start` and `weixin phone` play, until it is closed. */
export interface Simulation {
  readonly account: SimulatedAccount
  readonly api: FakeApi
  /** What makes a responder or a command use it: what the configuration lacks, the fake API, and a store of its own. */
  readonly variables: Readonly<Record<string, string>>
  /** All that a responder of ours gets in its environment. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Goes at the end, with the store in it. */
  readonly folder: string
  close(): Promise<void>
}

/** What a command may say about it. */
export interface SimulationOptions {
  /** The file of the account's menu; `menu.json` where there is one, if not given. */
  readonly menu?: string | undefined
  /** Where the fake API answers; any free port if not given. */
  readonly port?: number | undefined
}

/**
 * Starts the fake API for the configured account, with an invented AppID, AppSecret and EncodingAESKey where it has none.
 *
 * @throws {UsageError} when the menu's file cannot be read, {WeixinError} when WeChat would refuse it or the port is taken
 */
export async function startSimulation(
  config: AccountConfig,
  terminal: Terminal,
  { menu, port }: SimulationOptions,
): Promise<Simulation> {
  const account = playedAccount(config)
  const given = menuIn(terminal.directory, menu)
  const api = await startFakeApi({
    account,
    strangers: true,
    ...(given !== undefined && { menu: given }),
    ...(port !== undefined && { port }),
  })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-'))
  // A simulated access token must never reach the store that the real responder shares.
  const variables = { ...lacking(config, account), WEIXIN_API_BASE: api.url, WEIXIN_STORE: storeIn(folder) }
  const { environment } = terminal
  return {
    ...{ account, api, variables, folder },
    environment: { ...environment, ...inDevelopment(environment), ...variables },
    async close() {
      await api.close()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

function playedAccount({ token, appId, appSecret, aesKey, originalId }: AccountConfig): SimulatedAccount {
  return {
    token,
    appId: appId ?? `wx${randomBytes(8).toString('hex')}`,
    appSecret: appSecret ?? randomBytes(16).toString('hex'),
    aesKey: aesKey ?? newAesKey(),
    userName: originalId ?? SAMPLE_ACCOUNT,
  }
}

/** The variables that supply what the configuration has not got. */
function lacking(config: AccountConfig, account: SimulatedAccount): Record<string, string> {
  return {
    ...(config.appId === undefined && { WEIXIN_APP_ID: account.appId }),
    ...(config.appSecret === undefined && { WEIXIN_APP_SECRET: account.appSecret }),
    ...(config.aesKey === undefined && { WEIXIN_AES_KEY: account.aesKey }),
  }
}

function menuIn(directory: string, named: string | undefined): unknown {
  const file = named ?? path.join(directory, 'menu.json')
  return named !== undefined || fs.existsSync(file) ? readJsonFile(file) : undefined
}

/** It is there at once, because commands of root make none. */
function storeIn(folder: string): string {
  const store = path.join(folder, 'store')
  fs.mkdirSync(store, { mode: 0o700 })
  return `file:${store}`
}

const API_VARIABLES = ['WEIXIN_API_BASE', 'WEIXIN_APP_ID', 'WEIXIN_APP_SECRET', 'WEIXIN_STORE']

/** What makes commands and responders in another terminal use the simulated API, a variable a line. */
export function apiSettings({ variables }: Simulation): string {
  return API_VARIABLES.filter(name => Object.hasOwn(variables, name))
    .map(name => `  ${name}=${variables[name]}`)
    .join('\n')
}
