import { type AccountApi, createAccountApi } from '../client/account.ts'
import type { AccountConfig, Config } from '../config/types.ts'
import { openStore } from '../store/open.ts'
import { type Finding, type Findings, skipped } from './check.ts'
import type { Patient } from './patient.ts'
import type { World } from './world.ts'

const TOKEN_TIMEOUT = 4000

/** An account's API for the time of the examination. */
export interface OpenApi extends AccountApi {
  /** The account's; undefined when there is no other. */
  readonly account: string | undefined
  close(): Promise<void>
}

/** The API of each account that has an AppSecret. */
export async function openApis(config: Config, world: Pick<World, 'directory'>): Promise<readonly OpenApi[]> {
  const { accounts, ...top } = config
  const others = Object.entries(accounts)
  const opened = [['default', top] as const, ...others].map(([name, account]) =>
    openApi(others.length > 0 ? name : undefined, account, config, world),
  )
  return (await Promise.all(opened)).filter(api => api !== undefined)
}

/**
 * With `stable_token` a token of our own is the same token, so nothing is stored, and an error of a minute ago is not
 * taken for one of now; the classic call would end the token of the others, so theirs is shared.
 */
async function openApi(
  account: string | undefined,
  { appId, appSecret, tokenEndpoint }: Pick<AccountConfig, 'appId' | 'appSecret' | 'tokenEndpoint'>,
  { apiBase, proxy, store: setting }: Config,
  { directory }: Pick<World, 'directory'>,
): Promise<OpenApi | undefined> {
  if (!appId || !appSecret) return undefined
  const store = await openStore(tokenEndpoint === 'token' ? setting : 'memory:', { baseDirectory: directory })
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const api = createAccountApi({
    ...{ appId, appSecret, tokenEndpoint, apiBase, proxy, store, log },
    tokenTimeout: TOKEN_TIMEOUT,
  })
  return {
    ...api,
    account,
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

/** Does something with each account's API, where one has it; of several accounts each finding says whose it is. */
export async function withApis(patient: Patient, work: (api: AccountApi) => Promise<Findings>): Promise<Findings> {
  const apis = await patient.apis()
  if (apis.length === 0) return PASSIVE_ONLY
  const findings: Finding[] = []
  for (const api of apis) {
    const found = [await work(api)].flat()
    findings.push(...(api.account === undefined ? found : found.map(each => ofAccount(api.account ?? '', each))))
  }
  return findings
}

function ofAccount(name: string, { saw, ...finding }: Finding): Finding {
  return { ...finding, saw: { en: `${name}: ${saw.en}`, zh: `${name}：${saw.zh}` } }
}
