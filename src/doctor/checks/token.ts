import type { AccountApi } from '../../client/account.ts'
import { TokenError } from '../../token/token-error.ts'
import { withApis } from '../api.ts'
import { type Check, type Finding, failure, ok, skipped } from '../check.ts'
import type { Patient } from '../patient.ts'
import { OFFLINE } from './reach.ts'

/** AppID and AppSecret give an access token; 40164 names the address that WeChat wants to know. */
export const token: Check = {
  name: 'token',
  title: { en: 'access token', zh: 'access token' },
  needs: ['reach'],
  async look(patient) {
    if (patient.wanted.offline) return skipped(OFFLINE)
    return withApis(patient, async api => {
      try {
        return await fetched(api, patient)
      } catch (error) {
        if (!(error instanceof TokenError)) throw error
        const [en = '', ...todo] = patient.quote(error.message, 500).split('; ')
        const [zh = '', ...rest] = patient.quote(error.zh, 500).split('；')
        return failure({ en, zh }, { en: todo.join('; ') || 'try again later', zh: rest.join('；') || '请稍后重试' })
      }
    })
  },
}

async function fetched({ tokens, tokenEndpoint }: AccountApi, { now }: Patient): Promise<Finding> {
  const { expires } = await tokens.get()
  const minutes = Math.round((expires - now()) / 60_000)
  return ok({
    en: `from ${tokenEndpoint}, valid for ${minutes} minutes`,
    zh: `来自 ${tokenEndpoint}，还有 ${minutes} 分钟有效`,
  })
}
