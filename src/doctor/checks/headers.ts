import type { Answer } from '../ask.ts'
import { type Check, type Finding, failure, ok, skipped } from '../check.ts'
import { accessCheck, LONG_ECHOSTR, questionFor } from '../requests.ts'

/** How the answer travels: as long as it says, in one piece, not compressed, even for whoever would take that. */
export const headers: Check = {
  name: 'headers',
  title: { en: "answer's headers", zh: '应答头' },
  needs: ['echo'],
  async look(patient) {
    const target = await patient.target()
    if (!target) return skipped({ en: 'nobody knows where to ask', zh: '不知道网址' })
    const { token } = target.account
    const ask = (more: Readonly<Record<string, string>>) =>
      patient.ask({ ...questionFor(target, accessCheck(token, patient.now(), LONG_ECHOSTR).query), headers: more })
    const [plain, willing] = [await ask({}), await ask({ 'Accept-Encoding': 'gzip, deflate, br' })]
    if (typeof plain === 'string' || typeof willing === 'string') {
      return failure({ en: `no answer: ${plain}`, zh: `没有应答：${plain}` }, { en: 'ask again', zh: '请重试' })
    }
    const findings = [...compressed(willing), ...lengthless(plain)]
    const length = plain.headers['content-length']
    return findings.length > 0
      ? findings
      : ok({
          en: `Content-Length: ${length}, in one piece, not compressed`,
          zh: `Content-Length: ${length}，未分块，未压缩`,
        })
  },
}

function compressed({ headers: found }: Answer): Finding[] {
  const encoding = found['content-encoding']
  if (encoding === undefined) return []
  return [
    failure(
      {
        en: `answers are compressed (${encoding}): a filter changes them and takes their length away`,
        zh: `应答被压缩（${encoding}）：过滤器改写了应答并去掉了长度`,
      },
      {
        en: 'SetEnv no-gzip 1 in the virtual host (for brotli: SetEnv no-brotli 1); or switch the filter off',
        zh: '请在虚拟主机中加入 SetEnv no-gzip 1（brotli 用 SetEnv no-brotli 1），或停用该过滤器',
      },
    ),
  ]
}

function lengthless({ headers: found }: Answer): Finding[] {
  if (found['transfer-encoding'] === undefined && found['content-length'] !== undefined) return []
  const way = found['transfer-encoding'] ?? 'no Content-Length'
  return [
    failure(
      {
        en: `the answer comes ${way} instead of with a Content-Length: WeChat refuses the URL (配置失败)`,
        zh: `应答方式为 ${way}，没有 Content-Length：微信会提示配置失败`,
      },
      {
        en: 'SetEnv ap_trust_cgilike_cl 1 in the virtual host; look for filters (SetOutputFilter, Substitute) and proxies',
        zh: '请在虚拟主机中加入 SetEnv ap_trust_cgilike_cl 1，并检查过滤器（SetOutputFilter、Substitute）和代理',
      },
    ),
  ]
}
