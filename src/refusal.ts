import { CryptoError } from './crypto/crypto-error.ts'
import { type Bilingual, WeixinError } from './errors.ts'
import { MessageError } from './message/message-error.ts'
import { XmlError } from './xml/xml-error.ts'

/**
 * A request that is not answered with 200. The sentence is for the log; whoever sent the request gets the status and
 * one line that says nothing about us.
 */
export class Refusal extends WeixinError {
  override name = 'Refusal'
  readonly status: number
  /** What the log counts by: a short word, or a code of WeChat's such as -40001. */
  readonly reason: string

  constructor(status: number, reason: string, text: Bilingual, options?: ErrorOptions) {
    super(text, options)
    this.status = status
    this.reason = reason
  }

  /** What a stranger is told. */
  get line(): string {
    return NEUTRAL_LINES[this.status] ?? 'internal error'
  }
}

const NEUTRAL_LINES: Readonly<Record<number, string>> = {
  400: 'bad request',
  403: 'forbidden',
  404: 'not found',
  405: 'method not allowed',
  408: 'request timeout',
  413: 'content too large',
  415: 'unsupported media type',
  431: 'request header fields too large',
}

/** How an error on the way to the owner's handlers is answered: every failure of crypto in the same way. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof CryptoError) return new Refusal(403, String(error.code), bilingual(error), { cause: error })
  if (error instanceof XmlError) return new Refusal(400, error.reason, bilingual(error), { cause: error })
  if (error instanceof MessageError) return new Refusal(400, 'message', bilingual(error), { cause: error })
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new Refusal(500, 'defect', { en: text, zh: text }, { cause: error })
}

function bilingual(error: WeixinError): Bilingual {
  return { en: error.message, zh: error.zh }
}

/** The refusals of the pipeline itself, in the order in which it checks. */
export const refusals = {
  method: () =>
    new Refusal(405, 'method', {
      en: 'the method is neither GET nor POST; WeChat uses no other',
      zh: '请求方法不是 GET 或 POST；微信只使用这两种',
    }),
  'too-large': () =>
    new Refusal(413, 'too-large', {
      en: 'the body is larger than 64 KiB; messages of WeChat have a few KiB',
      zh: '请求正文超过 64 KiB；微信的消息只有几 KiB',
    }),
  incomplete: () =>
    new Refusal(400, 'incomplete', {
      en: 'the body does not have the length that Content-Length says; the sender or a proxy gave up',
      zh: '请求正文长度与 Content-Length 不符；发送方或代理中断了传输',
    }),
  timeout: () =>
    new Refusal(408, 'timeout', {
      en: 'the body did not arrive in time; the sender or a proxy is too slow',
      zh: '请求正文未能及时到达；发送方或代理过慢',
    }),
  'head-too-large': () =>
    new Refusal(431, 'head-too-large', {
      en: 'the headers are larger than 64 KiB; those of WeChat have a few hundred bytes',
      zh: '请求头超过 64 KiB；微信的请求头只有几百字节',
    }),
  query: (name: string) =>
    new Refusal(403, 'query', {
      en: `query parameter ${name} is missing, repeated or malformed; WeChat sends each of its parameters once`,
      zh: `请求参数 ${name} 缺失、重复或格式不正确；微信的每个参数只会出现一次`,
    }),
  replay: () =>
    new Refusal(403, 'replay', {
      en: 'the timestamp is too far from our clock; set this clock right (NTP), or widen "replayWindow"',
      zh: '请求的 timestamp 与本机时间相差过大；请校准本机时钟（NTP），或调大 "replayWindow"',
    }),
  echostr: () =>
    new Refusal(403, 'echostr', {
      en: 'a GET without echostr, or with one over 256 characters; only the access check of the console is answered',
      zh: 'GET 请求没有 echostr，或其超过 256 个字符；这里只回应后台的接入校验',
    }),
  encoding: () =>
    new Refusal(415, 'encoding', {
      en: 'the body has a Content-Encoding; WeChat sends none',
      zh: '请求正文带有 Content-Encoding；微信从不压缩正文',
    }),
  json: () =>
    new Refusal(415, 'json', {
      en: 'the body is JSON; official accounts push XML: choose XML as the data format in the console',
      zh: '请求正文是 JSON；公众号使用 XML：请在后台把数据格式设为 XML',
    }),
  downgrade: () =>
    new Refusal(403, 'downgrade', {
      en: 'a message that is not encrypted while "mode" is safe; set the same mode in the console',
      zh: '"mode" 为 safe 却收到未加密的消息；请检查后台的消息加解密方式',
    }),
  noKey: () =>
    new Refusal(500, 'no-key', {
      en: 'an encrypted message, and no "aesKey" in the configuration; enter the EncodingAESKey and the AppID',
      zh: '收到加密消息，但配置中没有 "aesKey"；请填写 EncodingAESKey 和 AppID',
    }),
  notFound: () =>
    new Refusal(404, 'path', {
      en: 'no account has this path; enter in the console the URL of one that is configured',
      zh: '没有账号使用这个路径；请在后台填写已配置账号的 URL',
    }),
  otherAccount: () =>
    new Refusal(403, 'original-id', {
      en: 'the message is addressed to another account than this path\'s; check "originalId" and the URL in the console',
      zh: '消息的 ToUserName 不是此路径对应的账号；请检查 "originalId" 和后台的 URL',
    }),
  toUserName: () =>
    new Refusal(403, 'to-user-name', {
      en: 'ToUserName outside the encrypted message is another than inside',
      zh: '密文外的 ToUserName 与密文内的不一致',
    }),
} as const
