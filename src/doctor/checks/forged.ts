import { type Check, failure, ok, skipped } from '../check.ts'
import { accessCheck, ECHOSTR, questionFor } from '../requests.ts'

/** What is signed with another Token is refused. */
export const forged: Check = {
  name: 'forged',
  title: { en: 'wrong signature', zh: '错误的签名' },
  needs: ['echo'],
  async look(patient) {
    const target = await patient.target()
    if (!target) return skipped({ en: 'nobody knows where to ask', zh: '不知道网址' })
    const { query } = accessCheck('notTheTokenOfAnybody', patient.now())
    const answer = await patient.ask(questionFor(target, query))
    if (typeof answer !== 'string' && answer.status === 403) return ok({ en: 'refused with 403', zh: '以 403 拒绝' })
    if (typeof answer !== 'string' && answer.body.includes(ECHOSTR)) {
      return failure(
        {
          en: 'a request with a wrong signature is answered: anybody could speak as your account',
          zh: '签名错误的请求也得到应答：任何人都能冒充你的公众号',
        },
        {
          en: 'something in front of the responder answers every echostr; take it away',
          zh: '前面有程序会应答任何 echostr，请去掉它',
        },
      )
    }
    const got = typeof answer === 'string' ? answer : String(answer.status)
    return failure(
      { en: `refused with ${got} instead of 403`, zh: `以 ${got} 而不是 403 拒绝` },
      {
        en: 'look for what changes statuses: ErrorDocument, ProxyErrorOverride, a proxy',
        zh: '请检查改写状态码的设置：ErrorDocument、ProxyErrorOverride 或代理',
      },
    )
  },
}
