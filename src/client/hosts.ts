import { ConfigError } from '../errors.ts'

/** WeChat's entries, in the order in which they are tried: the nearest site, disaster recovery, then the three sites. */
export const API_HOSTS: readonly string[] = [
  'https://api.weixin.qq.com',
  'https://api2.weixin.qq.com',
  'https://sh.api.weixin.qq.com',
  'https://sz.api.weixin.qq.com',
  'https://hk.api.weixin.qq.com',
]

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/

/** Whether an address is one of this machine, which no proxy leads to. */
export function isThisMachine({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname)
}

/** Where to send calls when `apiBase` is set: WeChat's own has alternates, any other address stands alone. */
export function apiHosts(apiBase: string): readonly string[] {
  return apiBase === API_HOSTS[0] ? API_HOSTS : [apiBase]
}

/** Which host is next. The one that answered last is asked first; a failing one makes room for the one after it. */
export interface HostList {
  readonly count: number
  current(): string
  failed(host: string): void
}

/** @throws {ConfigError} when there is none, or one is no http:// or https:// address */
export function createHostList(hosts: readonly string[]): HostList {
  const bases = hosts.map(host => host.replace(/\/+$/, ''))
  for (const base of bases) if (!isBase(base)) throw refusedHost()
  const [first] = bases
  if (first === undefined) throw refusedHost()
  let position = 0
  const current = () => bases[position % bases.length] ?? first
  return {
    count: bases.length,
    current,
    // Of many calls that fail at the same host only one moves on.
    failed(host) {
      if (current() === host) position++
    },
  }
}

function isBase(base: string): boolean {
  return URL.canParse(base) && /^https?:\/\/[^?#@]+$/.test(base)
}

function refusedHost(): ConfigError {
  return new ConfigError({
    en: 'the hosts of the API must be http:// or https:// addresses, without user, query and fragment',
    zh: 'API 主机必须是以 http:// 或 https:// 开头的网址，不含用户名、参数和片段',
  })
}
