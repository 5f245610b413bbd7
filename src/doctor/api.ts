import { type AccountApi, createAccountApi } from '../client/account.ts'
import { openStore } from '../store/open.ts'
import { type Finding, type Findings, skipped } from './check.ts'
import type { Patient } from './patient.ts'

const TOKEN_TIMEOUT = 4000

/** An unverified account may do without all this: it is said, and nobody is blamed. */
const PASSIVE_ONLY: Finding = skipped({
  en: 'no AppSecret: the account has passive replies alone, which need no API',
  zh: '没有填写 AppSecret：该账号只使用被动回复，不需要调用接口',
})

/**
 * Does something with the API of the account, with the token that all processes share where there is one; it is kept in
 * the store only where that is Redis, so that no file is root's.
 */
export async function withApi(patient: Patient, work: (api: AccountApi) => Promise<Findings>): Promise<Findings> {
  const { appId, appSecret, tokenEndpoint, apiBase, proxy, store: setting } = await patient.config()
  if (!appId || !appSecret) return PASSIVE_ONLY
  const store = await openStore(sharedStore(setting, patient), { baseDirectory: patient.directory })
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const api = createAccountApi({
    ...{ appId, appSecret, tokenEndpoint, apiBase, proxy, store, log },
    tokenTimeout: TOKEN_TIMEOUT,
  })
  try {
    return await work(api)
  } finally {
    api.client.close()
    await store.close()
  }
}

/** A folder that belongs to somebody else is left alone, unless we are root: what root writes there is handed to its owner. */
function sharedStore(setting: string, { machine, directory }: Patient): string {
  if (!setting.startsWith('file:')) return setting
  const status = machine.status(machine.path.resolve(directory, setting.slice('file:'.length)))
  const usable = status && (machine.userId === undefined || machine.userId === 0 || status.uid === machine.userId)
  return usable ? setting : 'memory:'
}
