import type { Bilingual } from '../../errors.ts'
import type { InitValues } from './init-values.ts'

/** What the account's owner enters in WeChat's console, field by field under its Chinese names. */
export function consoleForm({ mode, token, aesKey, appSecret }: InitValues, url?: string): Bilingual {
  const modes: Readonly<Record<string, string>> = {
    plain: '明文模式',
    compatible: '兼容模式',
    safe: '安全模式（推荐）',
  }
  const rows = (key: string) => `  URL                ${url ?? 'http://…/'}
  Token              ${token}
  EncodingAESKey     ${aesKey ?? key}
  消息加解密方式     ${modes[mode ?? 'plain']}`
  const [en, zh] = appSecret
    ? [
        '\nFor the API, enter the address of this server there too (IP白名单).',
        '\n要调用接口，还需在同一页的 IP白名单 中填写本服务器的 IP。',
      ]
    : ['', '']
  return {
    en: `
Enter this in WeChat's console, 设置与开发 → 基本配置 → 服务器配置, once the server answers:

${rows('press 随机生成')}
${en}`,
    zh: `
服务器能应答之后，在公众平台 设置与开发 → 基本配置 → 服务器配置 中填写：

${rows('点“随机生成”')}
${zh}`,
  }
}
