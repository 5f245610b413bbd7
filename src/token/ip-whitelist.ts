import type { Bilingual } from '../errors.ts'

/**
 * What to do about 40164 and 61004: which address goes where.
 *
 * @param errmsg WeChat's own words, with the address that it saw: `invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in
 * whitelist`
 */
export function enterAddress(errmsg = ''): Bilingual {
  const ipv4 = /\bip\s+(\d{1,3}(?:\.\d{1,3}){3})\b/.exec(errmsg)?.[1]
  const ipv6 = /\bip(?:v6)?\s+([\da-f]*:[\da-f:]*)(?![\da-f:.])/i.exec(errmsg)?.[1]
  const address = [ipv4, ipv6].filter(found => found !== undefined).join(', ')
  return {
    en: `enter ${address || 'the address of this machine'} in the API IP whitelist (developers.weixin.qq.com/platform: the account, basic information, developer key); it works within minutes`,
    zh: `请把 ${address || '本机的出口 IP'} 填入 API IP 白名单（微信开发者平台 developers.weixin.qq.com/platform：公众号 → 基础信息 → 开发密钥），几分钟内生效`,
  }
}
