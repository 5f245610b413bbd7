import { type Bilingual, WeixinError } from '../errors.ts'
import { enterAddress } from './ip-whitelist.ts'

interface Fault extends Bilingual {
  /** It does not pass by itself: asking again after a second is no use. */
  readonly lasting?: true
}

const CONFIRMATION: Fault = {
  en: 'WeChat wants the administrator to confirm this call on the phone; confirm it, and call again',
  zh: '该次调用需要管理员在微信中确认；请确认后重试',
  lasting: true,
}

const NOT_PERMITTED: Fault = {
  en: 'the address of this machine is not on the list of permitted ones',
  zh: '本机 IP 不在白名单中',
  lasting: true,
}

/** The return codes of getting a token, and words of our own for what comes before there is a return code. */
const FAULTS: Readonly<Record<string, Fault>> = {
  '-1': { en: 'WeChat is busy; this is tried again by itself', zh: '微信系统繁忙；稍后会自动重试' },
  '40001': {
    en: 'the AppSecret is wrong; copy "appSecret" from the console again',
    zh: 'AppSecret 错误；请从后台重新复制 "appSecret"',
    lasting: true,
  },
  '40002': {
    en: 'grant_type is refused; see whether "apiBase" is right',
    zh: 'grant_type 不正确；请检查 "apiBase"',
    lasting: true,
  },
  '40013': {
    en: 'the AppID is wrong; copy "appId" from the console, where it is in the same case and without blanks',
    zh: 'AppID 无效；请从后台重新复制 "appId"，注意大小写和空格',
    lasting: true,
  },
  '40125': {
    en: 'the AppSecret is wrong, or was reset; copy "appSecret" from the console again',
    zh: 'AppSecret 无效或已被重置；请从后台重新复制 "appSecret"',
    lasting: true,
  },
  '40164': NOT_PERMITTED,
  '40243': {
    en: 'the AppSecret is frozen; unfreeze it in the console',
    zh: 'AppSecret 已被冻结；请在后台解冻',
    lasting: true,
  },
  '41002': { en: 'the AppID is missing; set "appId"', zh: '缺少 AppID；请填写 "appId"', lasting: true },
  '41004': { en: 'the AppSecret is missing; set "appSecret"', zh: '缺少 AppSecret；请填写 "appSecret"', lasting: true },
  '45009': {
    en: "the day's quota is used up; look for another program that asks for tokens all the time",
    zh: '今日调用次数已用完；请检查是否有其他程序在频繁获取 token',
    lasting: true,
  },
  '45011': {
    en: "the minute's quota is used up; look for another program that asks for tokens all the time",
    zh: '每分钟调用次数已用完；请检查是否有其他程序在频繁获取 token',
    lasting: true,
  },
  '50004': {
    en: 'the account may not use tokens; read its notices in the console',
    zh: '该账号不可使用 token；请查看后台通知',
    lasting: true,
  },
  '50007': {
    en: 'the account is frozen; read its notices in the console',
    zh: '账号已被冻结；请查看后台通知',
    lasting: true,
  },
  '61004': NOT_PERMITTED,
  '89501': CONFIRMATION,
  '89503': CONFIRMATION,
  '89506': {
    en: 'the administrator refused the call twice; it is possible again after 24 hours',
    zh: '管理员两次拒绝了该调用；24 小时后才能再次调用',
    lasting: true,
  },
  '89507': {
    en: 'the administrator refused the call; it is possible again after an hour',
    zh: '管理员拒绝了该调用；1 小时后才能再次调用',
    lasting: true,
  },
  TIMEOUT: {
    en: 'it did not answer in time; see whether this machine can reach it (DNS, firewall)',
    zh: '未能及时应答；请检查本机能否访问它（DNS、防火墙）',
  },
  ENOTFOUND: {
    en: 'its name cannot be resolved; see to the DNS of this machine',
    zh: '域名无法解析；请检查本机的 DNS',
  },
  EAI_AGAIN: {
    en: 'its name cannot be resolved; see to the DNS of this machine',
    zh: '域名无法解析；请检查本机的 DNS',
  },
  ECONNREFUSED: { en: 'nobody listens there; see whether "apiBase" is right', zh: '该处无人监听；请检查 "apiBase"' },
  TLS: {
    en: 'its certificate is not valid; set the clock of this machine right, or look for a proxy in between',
    zh: '证书无效；请校准本机时钟，或检查中间是否有代理',
  },
  REDIRECT: {
    en: 'it answers with a redirect, which is not followed because the AppSecret would go with it; correct "apiBase"',
    zh: '返回了重定向；为避免泄露 AppSecret 不会跟随，请修改 "apiBase"',
    lasting: true,
  },
  TOO_LARGE: {
    en: 'its answer is too large to be a token; see whether "apiBase" is right',
    zh: '应答过大；请检查 "apiBase"',
  },
  MALFORMED: {
    en: 'its answer holds no token that can be used; see whether "apiBase" is right, or a proxy in between',
    zh: '应答中没有可用的 token；请检查 "apiBase"，以及中间是否有代理',
  },
}

/** No access token can be had: `code` is WeChat's return code, or a word for what was in the way. */
export class TokenError extends WeixinError {
  override name = 'TokenError'
  readonly code: number | string
  /** Somebody has to do something first; it is asked again after a minute. */
  readonly lasting: boolean

  constructor(code: number | string, lasting: boolean, text: Bilingual, options?: ErrorOptions) {
    super(text, options)
    this.code = code
    this.lasting = lasting
  }
}

/**
 * Says what `code` means and what to do.
 *
 * @param host where the token was asked for
 * @param errmsg WeChat's own words, with the address that it saw and the `rid` that its support asks for
 */
export function tokenError(code: number | string, host: string, errmsg?: string, cause?: unknown): TokenError {
  const fault = FAULTS[code] ?? { en: `${code}`, zh: `${code}` }
  const { en, zh, lasting = false } = fault
  const number = typeof code === 'number' ? `${code}: ` : ''
  const todo = fault === NOT_PERMITTED ? enterAddress(errmsg) : undefined
  const quoted = errmsg === undefined ? '' : ` (${errmsg})`
  const text = {
    en: `no access token from ${host}: ${number}${en}${todo ? `; ${todo.en}` : ''}${quoted}`,
    zh: `无法从 ${host} 获取 access token：${number}${zh}${todo ? `；${todo.zh}` : ''}${quoted}`,
  }
  return new TokenError(code, lasting, text, cause === undefined ? undefined : { cause })
}
