import { type AccountApi, createAccountApi } from '../client/account.ts'
import type { Config } from '../config/types.ts'
import { openStore } from '../store/open.ts'
import { type Finding, type Findings, skipped } from './check.ts'
import type { Patient } from './patient.ts'
import type { World } from './world.ts'

const TOKEN_TIMEOUT = 4000

/** The account's API for the time of the examination; undefined without an AppSecret. */
export interface OpenApi extends AccountApi {
  close(): Promise<void>
}

/**
 * With `stable_token` a token of our own is the same token, so nothing is stored, and an error of a minute ago is not
 * taken for one of now; the classic call would end the token of the others, so theirs is shared.
 */
export async function openApi(config: Config, { directory }: Pick<World, 'directory'>): Promise<OpenApi | undefined> {
  const { appId, appSecret, tokenEndpoint, apiBase, proxy, store: setting } = config
  if (!appId || !appSecret) return undefined
  const store = await openStore(tokenEndpoint === 'token' ? setting : 'memory:', { baseDirectory: directory })
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const api = createAccountApi({
    ...{ appId, appSecret, tokenEndpoint, apiBase, proxy, store, log },
    tokenTimeout: TOKEN_TIMEOUT,
  })
  return {
    ...api,
    async close() {
      api.client.close()
      await store.close()
    },
  }
}

/** An unverified account may do without the API: that is said, and nobody is blamed. */
export const PASSIVE_ONLY: Finding = skipped({
  en: 'no AppSecret: the account has passive replies alone, which need no API',
  zh: '没有填写 AppSecret：该账号只使用被动回复，不需要调用接口',
})

/** Does something with the account's API, where it has one. */
export async function withApi(patient: Patient, work: (api: AccountApi) => Promise<Findings>): Promise<Findings> {
  const api = await patient.api()
  return api ? work(api) : PASSIVE_ONLY
}
