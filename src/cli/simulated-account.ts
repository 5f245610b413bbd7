import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { AccountConfig } from '../config/types.ts'
import type { SimulatedAccount } from '../simulator/exchange.ts'

/** What the simulator plays, and what a responder has to be told of it. */
export interface Simulation {
  readonly account: SimulatedAccount
  /** The variables that supply what the configuration lacks. */
  readonly supplied: Readonly<Record<string, string>>
}

const SAMPLE_ACCOUNT = 'gh_sample000001'

/** The configured account, with an invented AppID, AppSecret and EncodingAESKey where it has none. */
export function simulate({ token, appId, appSecret, aesKey, originalId }: AccountConfig): Simulation {
  const account = {
    token,
    appId: appId ?? `wx${randomBytes(8).toString('hex')}`,
    appSecret: appSecret ?? randomBytes(16).toString('hex'),
    // The last character of a key of 32 bytes is one of those that leave no bits over.
    aesKey: aesKey ?? randomBytes(32).toString('base64').replace(/[+/]/g, 'x').slice(0, 43),
    userName: originalId ?? SAMPLE_ACCOUNT,
  }
  const supplied = {
    ...(appId === undefined && { WEIXIN_APP_ID: account.appId }),
    ...(appSecret === undefined && { WEIXIN_APP_SECRET: account.appSecret }),
    ...(aesKey === undefined && { WEIXIN_AES_KEY: account.aesKey }),
  }
  return { account, supplied }
}

/** A store in a folder that goes at the end. It is there at once, because commands of root make none. */
export function scratchStore(folder: string): string {
  const store = path.join(folder, 'store')
  fs.mkdirSync(store, { mode: 0o700 })
  return `file:${store}`
}

const API_VARIABLES = ['WEIXIN_API_BASE', 'WEIXIN_APP_ID', 'WEIXIN_APP_SECRET', 'WEIXIN_STORE']

/** What makes commands and responders in another terminal use the simulated API, a variable a line. */
export function apiSettings(simulated: Readonly<Record<string, string>>): string {
  return API_VARIABLES.filter(name => Object.hasOwn(simulated, name))
    .map(name => `  ${name}=${simulated[name]}`)
    .join('\n')
}
