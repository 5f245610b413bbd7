import { PASSIVE_ONLY } from '../api.ts'
import { type Check, failure, ok, skipped } from '../check.ts'

/** The API's name can be resolved, its port is open, and its certificate is one that this Node believes. */
export const reach: Check = {
  name: 'reach',
  title: { en: 'way to the API', zh: '接口连通性' },
  needs: ['config', 'clock'],
  async look(patient) {
    if (patient.wanted.offline) return skipped(OFFLINE)
    if ((await patient.apis()).length === 0) return PASSIVE_ONLY
    const { apiBase, proxy } = await patient.config()
    if (proxy !== undefined) return skipped({ en: 'by way of the proxy, see “token”', zh: '经由代理，见“token”' })
    const { hostname, host } = new URL(apiBase)
    const addresses = await patient.lookUp(hostname).catch((error: NodeJS.ErrnoException) => error.code ?? 'ENOTFOUND')
    if (typeof addresses === 'string') {
      return failure(
        { en: `${hostname} cannot be resolved (${addresses})`, zh: `无法解析 ${hostname}（${addresses}）` },
        {
          en: 'see to the DNS of this machine (/etc/resolv.conf); passive replies work without',
          zh: '请检查本机 DNS（/etc/resolv.conf）；被动回复不受影响',
        },
      )
    }
    const answer = await patient.ask({ url: new URL('/', apiBase), method: 'HEAD', strict: true })
    if (typeof answer !== 'string') return ok({ en: `${host} (${addresses[0]})`, zh: `${host}（${addresses[0]}）` })
    return /CERT|TLS|SSL|SIGNATURE|EPROTO/.test(answer)
      ? failure(
          { en: `the certificate of ${host} is not believed (${answer})`, zh: `${host} 的证书不被信任（${answer}）` },
          {
            en: 'look for a proxy in between that opens TLS, and at the clock',
            zh: '请检查中间解密 TLS 的代理，以及系统时钟',
          },
        )
      : failure(
          {
            en: `${host} (${addresses.join(', ')}) cannot be reached: ${answer}`,
            zh: `无法连接 ${host}（${addresses.join('、')}）：${answer}`,
          },
          {
            en: 'permit outgoing traffic to port 443; or set "proxy"',
            zh: '请放行到 443 端口的出站流量，或设置 "proxy"',
          },
        )
  },
}

export const OFFLINE = { en: 'left out (--offline)', zh: '已跳过（--offline）' }

export function hostOf(url: string): string {
  return new URL(url).host
}
