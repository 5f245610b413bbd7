import { accountSettings } from '../../config/settings.ts'
import type { Bilingual } from '../../errors.ts'

/** What `weixin init` fills in. */
export const INIT_KEYS = ['appId', 'mode', 'token', 'aesKey', 'appSecret'] as const

export type InitKey = (typeof INIT_KEYS)[number]

export type InitValues = Readonly<Partial<Record<InitKey, string>>>

/** Why a value is not one, without the value itself, which may be a secret; undefined when it is. */
export function reasonAgainst(key: InitKey, value: string): Bilingual | undefined {
  const reason = usualMistake(key, value)
  if (reason) return reason
  const { pattern, permitted } = accountSettings[key]
  if (pattern.test(value)) return undefined
  return { en: `permitted: ${permitted.en}`, zh: `应为：${permitted.zh}` }
}

function usualMistake(key: InitKey, value: string): Bilingual | undefined {
  const { length } = value
  switch (key) {
    case 'appId':
      return value.startsWith('gh_')
        ? { en: 'that is the original id (原始ID); the AppID begins with wx', zh: '这是原始 ID；AppID 以 wx 开头' }
        : undefined
    case 'token':
      return length < 3 || length > 32
        ? {
            en: `it has ${length} characters, and the console takes 3 to 32`,
            zh: `共 ${length} 个字符；后台要求 3 到 32 个`,
          }
        : undefined
    case 'aesKey':
      return length !== 43
        ? {
            en: `it has ${length} characters, and an EncodingAESKey has 43`,
            zh: `共 ${length} 个字符；EncodingAESKey 为 43 个`,
          }
        : undefined
    default:
      return undefined
  }
}

/** What is permitted but unusual: a character lost while it was copied. */
export function doubtAbout(key: InitKey, value: string): Bilingual | undefined {
  if (key === 'appId' && !/^wx[0-9a-f]{16}$/.test(value)) {
    return {
      en: `the AppID has ${value.length} characters; WeChat's have 18: wx and 16 digits or letters from a to f`,
      zh: `AppID 共 ${value.length} 个字符；微信的 AppID 为 18 个：wx 加 16 位数字或 a–f 字母`,
    }
  }
  if (key === 'appSecret' && !/^[0-9a-f]{32}$/.test(value)) {
    return {
      en: `the AppSecret has ${value.length} characters; WeChat's have 32: digits and letters from a to f`,
      zh: `AppSecret 共 ${value.length} 个字符；微信的 AppSecret 为 32 位数字或 a–f 字母`,
    }
  }
  return undefined
}

/** A file that says no mode has one all the same: what the responder makes of it. */
export function modeOf(known: InitValues, there: InitValues): string {
  if (known.mode !== undefined) return known.mode
  if (there.token !== undefined) return there.aesKey ? 'compatible' : 'plain'
  return known.appId ? 'safe' : 'plain'
}

/** What is to be written; the Token and the key of before stay valid, for as long as the console still has them. */
export function changesTo(there: InitValues, wanted: InitValues): Readonly<Record<string, string>> {
  const changes: Record<string, string> = {}
  for (const key of INIT_KEYS) {
    const value = wanted[key]
    if (value === undefined || value === there[key]) continue
    changes[key] = value
    if (key === 'token' && there.token !== undefined) changes['previousToken'] = there.token
    if (key === 'aesKey' && there.aesKey !== undefined) changes['previousAesKey'] = there.aesKey
  }
  return changes
}
