import { type Bilingual, WeixinError } from '../errors.ts'
import { enterAddress } from '../token/ip-whitelist.ts'
import { ACCOUNTS, type Accounts } from './endpoint.ts'
import { type ErrorClass, explain } from './error-codes.ts'

/** An answer with an errcode. */
export interface Refusal {
  readonly errcode: number
  readonly errmsg: string
}

/** What is known of the call that was refused. */
export interface RefusedCall {
  /** The method and path, `POST /cgi-bin/menu/create`. */
  readonly endpoint: string
  readonly accounts?: Accounts | undefined
  readonly perDay?: number | undefined
  /** Whether the client gave it the account's access token. */
  readonly token?: boolean
}

/** WeChat has answered with an errcode: what it means, and what to do. */
export class ApiError extends WeixinError {
  override name = 'ApiError'
  readonly errcode: number
  /** As it came; its wording changes, so act on `errcode`. */
  readonly errmsg: string
  /** What `basic.getRid` takes, for seven days. */
  readonly rid: string | undefined
  readonly endpoint: string
  /** Who has to do something. */
  readonly errorClass: ErrorClass
  readonly meaning: Bilingual
  readonly remedy: Bilingual

  constructor({ errcode, errmsg }: Refusal, call: RefusedCall) {
    const { errorClass, meaning, remedy } = explain(errcode)
    const todo = specificRemedy(errcode, errorClass, errmsg, call) ?? remedy
    super({
      en: `${call.endpoint}: ${errcode} ${meaning.en}; ${todo.en} (${errmsg})`,
      zh: `${call.endpoint}：${errcode} ${meaning.zh}；${todo.zh}（${errmsg}）`,
    })
    this.errcode = errcode
    this.errmsg = errmsg
    this.rid = /\brid:\s*([\w-]+)/.exec(errmsg)?.[1]
    this.endpoint = call.endpoint
    this.errorClass = errorClass
    this.meaning = meaning
    this.remedy = todo
  }
}

/** Where no access token of ours was used, a new one would help nobody. */
const CHECK_CREDENTIALS: Bilingual = {
  en: 'compare the AppSecret with the console; for a web login, send the visitor to the authorise page again',
  zh: '请与后台核对 AppSecret；若为网页授权，请让用户重新进入授权页面',
}

/** For calls that every kind of account may make, so that another kind would be of no use. */
const SWITCH_ON: Bilingual = {
  en: 'every kind of official account may have this call: see in the interface permissions (接口权限) of the console whether this one has got it, and whether "appId" is that of an official account, not of a mini program',
  zh: '该接口对所有类型的公众号开放：请在后台查看接口权限中是否已获得，并确认 "appId" 属于公众号而不是小程序',
}

function specificRemedy(
  errcode: number,
  errorClass: ErrorClass,
  errmsg: string,
  call: RefusedCall,
): Bilingual | undefined {
  if (errcode === 40164 || errcode === 61004) return enterAddress(errmsg)
  if (errorClass === 'T' && call.token === false) return CHECK_CREDENTIALS
  if (errcode === 48001 && call.accounts === 'any') return SWITCH_ON
  if (errcode === 48001 && call.accounts) {
    const { en, zh } = ACCOUNTS[call.accounts]
    return {
      en: `this call is for ${en}; see the interface permissions (接口权限) in the console, or answer with passive replies, which every account may`,
      zh: `该接口仅限：${zh}；请在后台查看接口权限，或改用所有公众号都可使用的被动回复`,
    }
  }
  if (errcode === 45009 && call.perDay) {
    const perDay = call.perDay.toLocaleString('en-US')
    return {
      en: `a new account has ${perDay} a day (see basic.getQuota); wait for midnight in Beijing, or call basic.clearQuota`,
      zh: `新账号每天 ${perDay} 次（可用 basic.getQuota 查询）；请等到北京时间零点，或调用 basic.clearQuota`,
    }
  }
  return undefined
}
