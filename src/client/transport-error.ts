import { type Bilingual, WeixinError } from '../errors.ts'

const FAULTS = {
  unreachable: {
    en: 'no connection; check DNS, the firewall for outgoing traffic, and the certificate',
    zh: '无法建立连接；请检查 DNS、出站防火墙和证书',
  },
  'connect-timeout': {
    en: 'no connection in time; check DNS and the firewall for outgoing traffic',
    zh: '连接超时；请检查 DNS 和出站防火墙',
  },
  proxy: {
    en: 'the proxy does not let it through; check the setting "proxy" and what the proxy permits',
    zh: '代理拒绝转发；请检查 "proxy" 设置以及代理的访问规则',
  },
  timeout: {
    en: 'no whole answer in time',
    zh: '未能在时限内收到完整应答',
  },
  lost: {
    en: 'the connection was lost before the whole answer had come',
    zh: '应答尚未收完连接即中断',
  },
  'too-large': {
    en: 'the answer is larger than "maxAnswer"; ask for less at once, or permit more',
    zh: '应答超过 "maxAnswer"；请减少单次请求的数据量，或调大上限',
  },
  status: {
    en: 'an HTTP status that WeChat does not use; look for a proxy or a wrong "apiBase" in between',
    zh: '返回了微信不会使用的 HTTP 状态码；请检查中间的代理或 "apiBase"',
  },
  malformed: {
    en: 'the answer is not JSON; look for a proxy or a wrong "apiBase" in between',
    zh: '应答不是 JSON；请检查中间的代理或 "apiBase"',
  },
} as const satisfies Readonly<Record<string, Bilingual>>

/** Why there is no answer; short enough for a log line. */
export type TransportFault = keyof typeof FAULTS

/** What to do about a call that was sent, and of which nobody knows whether it arrived. */
const UNKNOWN_FATE: Bilingual = {
  en: '; whether the call was carried out is not known: look before you call again',
  zh: '；无法确定调用是否已执行，请先核实再重试',
}
/** The same where a second call does nothing that the first has not done. */
const CALL_AGAIN: Bilingual = { en: '; call again later', zh: '；请稍后重试' }

/** Faults that come before anything was sent. */
const UNSENT: readonly TransportFault[] = ['unreachable', 'connect-timeout', 'proxy']

/** What an error says of the call that it is about. */
export interface SentCall {
  /** The method and path, `POST /cgi-bin/menu/create`. */
  readonly endpoint: string
  /** Whether a second call does nothing that the first has not done. */
  readonly repeatable: boolean
}

/** A call that WeChat has not answered, or not with anything that is an answer. */
export class TransportError extends WeixinError {
  override name = 'TransportError'
  readonly reason: TransportFault
  /** The method and path, `POST /cgi-bin/menu/create`. */
  readonly endpoint: string
  /** The system's name for it (`ECONNREFUSED`), or the HTTP status. */
  readonly code: string | undefined

  constructor(reason: TransportFault, { endpoint, repeatable }: SentCall, host: string, code?: string) {
    const { en, zh } = FAULTS[reason]
    const broken = reason === 'timeout' || reason === 'lost'
    const todo = broken ? (repeatable ? CALL_AGAIN : UNKNOWN_FATE) : { en: '', zh: '' }
    const detail = code ? ` (${code})` : ''
    super({
      en: `${endpoint} at ${host}: ${en}${todo.en}${detail}`,
      zh: `${endpoint}（${host}）：${zh}${todo.zh}${detail}`,
    })
    this.reason = reason
    this.endpoint = endpoint
    this.code = code
  }

  /** Whether the platform may have carried the call out all the same. */
  get sent(): boolean {
    return !UNSENT.includes(this.reason)
  }
}
