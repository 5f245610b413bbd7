import { ApiError } from '../../client/api-error.ts'
import { withApis } from '../api.ts'
import { type Check, type Finding, ok, skipped, warning } from '../check.ts'
import type { Patient } from '../patient.ts'
import { OFFLINE } from './reach.ts'

/** What of the API most accounts want, in their own words. */
const CALLS = [
  { path: '/cgi-bin/message/custom/send', en: 'customer-service messages', zh: '客服消息' },
  { path: '/cgi-bin/menu/create', en: 'menus', zh: '自定义菜单' },
  { path: '/cgi-bin/user/info', en: 'followers', zh: '用户信息' },
] as const
/** Of a path that this account may not call, or that has no quota for it. */
const NOT_PERMITTED = [48001, 76021, 76022]
const SCARCE = 0.1

/** Which calls the account may make, and how many of them are left today. */
export const rights: Check = {
  name: 'rights',
  title: { en: 'rights and quota', zh: '接口权限与配额' },
  needs: ['token'],
  async look(patient) {
    if (patient.wanted.offline) return skipped(OFFLINE)
    return withApis(patient, async api => {
      const asked = await Promise.all(CALLS.map(call => quotaOf(call, api, patient)))
      const bad = asked.filter(({ state }) => state !== 'ok')
      if (bad.length > 0) return bad
      return ok({ en: asked.map(({ saw }) => saw.en).join(', '), zh: asked.map(({ saw }) => saw.zh).join('，') })
    })
  },
}

async function quotaOf(
  { path, en, zh }: (typeof CALLS)[number],
  { client }: Parameters<Parameters<typeof withApis>[1]>[0],
  patient: Patient,
): Promise<Finding> {
  try {
    const { quota } = await client.basic.getQuota({ cgi_path: path })
    const { daily_limit: limit = 0, remain = 0 } = quota ?? {}
    const left = { en: `${en}: ${remain} of ${limit} left today`, zh: `${zh}：今天还剩 ${remain}/${limit} 次` }
    if (remain >= limit * SCARCE) return ok(left)
    return warning(left, {
      en: 'wait for midnight in Beijing; weixin quota shows all',
      zh: '请等到北京时间零点；weixin quota 可查看全部',
    })
  } catch (error) {
    if (error instanceof ApiError && NOT_PERMITTED.includes(error.errcode)) {
      return ok({ en: `${en}: not for this account`, zh: `${zh}：该账号没有权限` })
    }
    if (!(error instanceof ApiError)) throw error
    return warning(
      { en: `${en}: ${error.errcode} ${error.meaning.en}`, zh: `${zh}：${error.errcode} ${error.meaning.zh}` },
      { en: patient.quote(error.remedy.en, 400), zh: patient.quote(error.remedy.zh, 400) },
    )
  }
}
