import { BlockList, isIP } from 'node:net'
import { type Check, failure, ok, skipped, warning } from '../check.ts'

/** Networks that nobody outside can reach (RFC 1918, RFC 6598, RFC 4193, RFC 3927). */
const INNER: readonly (readonly [network: string, bits: number, family: 'ipv4' | 'ipv6'])[] = [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
]

/** The name in WeChat's URL leads to an address that can be reached from outside, as far as that can be seen from here. */
export const outside: Check = {
  name: 'outside',
  title: { en: 'way from outside', zh: '外网访问' },
  needs: ['config'],
  async look(patient) {
    const host = (await patient.target())?.url.hostname
    if (host === undefined || host === 'localhost' || isIP(host) !== 0) {
      return skipped({ en: 'the virtual host has no name of its own', zh: '虚拟主机没有自己的域名' })
    }
    const found = await patient.lookUp(host).catch((error: NodeJS.ErrnoException) => error.code ?? 'ENOTFOUND')
    if (typeof found === 'string') {
      return (patient.wanted.url ? failure : warning)(
        { en: `${host} cannot be resolved here (${found})`, zh: `本机无法解析 ${host}（${found}）` },
        {
          en: 'give the name an A record with the public address of this machine, or WeChat does not find it',
          zh: '请为该域名添加指向本机公网 IP 的 A 记录，否则微信找不到它',
        },
      )
    }
    const addresses = found.join(', ')
    if (found.every(each => /^(127\.|::1$)/.test(each))) {
      return skipped({
        en: `${host} is ${addresses} by the hosts file of this machine; what WeChat sees is not known here`,
        zh: `按本机 hosts 文件，${host} 为 ${addresses}；无法得知微信看到的地址`,
      })
    }
    if (found.every(isInner)) {
      return warning(
        { en: `${host} is ${addresses}, which nobody outside can reach`, zh: `${host} 为 ${addresses}，外网无法访问` },
        { en: 'give the name a public address', zh: '请让该域名指向公网 IP' },
      )
    }
    return ok({
      en: `${host} is ${addresses}; ports 80 and 443 must be open there in every firewall (ufw, the cloud's security group)`,
      zh: `${host} 为 ${addresses}；防火墙和云服务器安全组须放行 80 和 443 端口，域名须已备案（境内服务器）`,
    })
  },
}

function isInner(address: string): boolean {
  const list = new BlockList()
  for (const [network, bits, family] of INNER) list.addSubnet(network, bits, family)
  return isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
