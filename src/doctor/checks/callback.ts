import { BlockList, isIP } from 'node:net'
import { withApis } from '../api.ts'
import { type Check, failure, ok, skipped } from '../check.ts'
import { OFFLINE } from './reach.ts'

/** Every address that WeChat calls from may get in, where Apache lets some in only. */
export const callback: Check = {
  name: 'callback',
  title: { en: "WeChat's addresses", zh: '微信服务器 IP' },
  needs: ['token'],
  async look(patient) {
    if (patient.wanted.offline) return skipped(OFFLINE)
    return withApis(patient, async ({ client }) => {
      const { ip_list: addresses = [] } = await client.basic.getCallbackIp()
      const permitted = (patient.block()?.settings ?? [])
        .filter(({ name, words }) => name === 'require' && words[0] === 'ip')
        .flatMap(({ words }) => words.slice(1))
      if (permitted.length === 0) {
        return ok({
          en: `${addresses.length} of them, and Apache lets everybody in`,
          zh: `共 ${addresses.length} 个，Apache 未限制来源`,
        })
      }
      const list = blockListOf(permitted)
      const shut = addresses.filter(each => !contains(list, each.split('/')[0] ?? ''))
      if (shut.length === 0) {
        return ok({ en: `all ${addresses.length} of them may get in`, zh: `${addresses.length} 个地址均已放行` })
      }
      return failure(
        {
          en: `“Require ip” keeps out ${shut.length} of WeChat's addresses: ${shut.slice(0, 3).join(', ')} …`,
          zh: `“Require ip” 拦截了微信的 ${shut.length} 个地址：${shut.slice(0, 3).join('、')}……`,
        },
        {
          en: 'take weixin api GET /cgi-bin/getcallbackip for the list, or Require all granted: the signature is the wall',
          zh: '请用 weixin api GET /cgi-bin/getcallbackip 更新列表，或改为 Require all granted：签名校验足以防护',
        },
      )
    })
  },
}

function blockListOf(words: readonly string[]): BlockList {
  const list = new BlockList()
  for (const word of words) {
    const [address = '', bits] = word.split('/')
    const full = isIP(address) === 0 && /^[\d.]+$/.test(address) ? address.replace(/\.$/, '').split('.') : undefined
    if (full) list.addSubnet([...full, 0, 0, 0].slice(0, 4).join('.'), full.length * 8)
    else if (isIP(address)) list.addSubnet(address, Number(bits ?? (isIP(address) === 4 ? 32 : 128)), familyOf(address))
  }
  return list
}

function contains(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
