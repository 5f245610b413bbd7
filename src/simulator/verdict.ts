import { decodeAesKey } from '../crypto/cipher.ts'
import { CryptoError } from '../crypto/crypto-error.ts'
import { openEnvelope, readEnvelope } from '../crypto/envelope.ts'
import type { Bilingual } from '../errors.ts'
import type { XmlElement } from '../xml/element.ts'
import { parseXml } from '../xml/parse.ts'
import { XmlError, type XmlFault } from '../xml/xml-error.ts'
import type { Mode, ReceivedResponse, ShownReply, SimulatedAccount, Verdict } from './exchange.ts'
import { BUTTONS_WITH_KEY } from './menu-buttons.ts'
import { type Answered, RefusedResponse, readReply, refused } from './reply.ts'

/** What the platform knows when it judges the response to a message. */
export interface Expectation extends Answered {
  readonly mode: Mode
  readonly account: SimulatedAccount
  /** `Event` of an event. */
  readonly event?: string
}

type Response = Pick<ReceivedResponse, 'status' | 'headers' | 'body'>

/** Whether WeChat takes the response to a message or event ("Passive reply"). */
export function judgeReply(response: Response, expected: Expectation): Verdict {
  return judge(() => {
    checkStatus(response)
    if (response.body === '' || response.body === 'success') return NOTHING_TO_SAY
    const xml = openReply(response.body, expected)
    const reply = readReply(parsed(xml).root, expected)
    if (isHeard(expected)) return { taken: true, reason: takenAs(reply), xml, reply }
    return { taken: true, reason: IGNORED, xml }
  })
}

/** Whether the console takes the response to its access check ("Server access"). */
export function judgeAccessCheck(response: Response, echostr: string): Verdict {
  return judge(() => {
    checkStatus(response)
    checkEcho(response.body, echostr)
    if (/chunked/i.test(response.headers['transfer-encoding'] ?? '')) {
      throw refused(
        'the echostr came chunked, without Content-Length, which fails the check',
        'echostr 以 chunked 方式返回，没有 Content-Length，会导致校验失败',
      )
    }
    return { taken: true, reason: { en: 'taken: it is the echostr', zh: '校验通过：返回了 echostr' } }
  })
}

/** Seconds during which a request that comes again may as well be one of the platform's own redeliveries. */
const YOUNG = 300

/**
 * Whether a stranger's request was kept out.
 *
 * @param age of a request that was recorded, in seconds
 */
export function judgeDefence({ status }: Response, age?: number): Verdict {
  if (status >= 400 && status < 500) {
    const reason = { en: `kept out with ${status}, as it should be`, zh: `已用 ${status} 拒绝，正确` }
    return { taken: false, keptOut: true, reason }
  }
  if (age !== undefined && age <= YOUNG && status === 200) {
    return {
      taken: false,
      reason: {
        en: `answered like a redelivery, from which a request of ${age} s ago cannot be told; it must not be handled twice`,
        zh: `按重发处理并应答：${age} 秒前的请求无法与微信的重发区分；但不得重复处理`,
      },
    }
  }
  return {
    taken: false,
    keptOut: false,
    reason: {
      en: `not kept out, but answered with ${status}; a request like this is to be refused with 403 or 400`,
      zh: `没有拒绝，返回了 ${status}；这样的请求应当用 403 或 400 拒绝`,
    },
  }
}

function judge(attempt: () => Verdict): Verdict {
  try {
    return attempt()
  } catch (error) {
    if (!(error instanceof RefusedResponse)) throw error
    return { taken: false, reason: { en: `refused: ${error.message}`, zh: `拒绝：${error.zh}` } }
  }
}

const NOTHING_TO_SAY: Verdict = {
  taken: true,
  reason: { en: 'taken: handled, nothing to say', zh: '已接受：已处理，无需回复' },
}

const IGNORED: Bilingual = {
  en: 'taken, but WeChat shows no reply to this event',
  zh: '已接受，但微信不会显示对该事件的回复',
}

/** The events whose reply the follower sees. */
const HEARD = ['subscribe', 'scan', ...BUTTONS_WITH_KEY]

function isHeard({ event }: Expectation): boolean {
  return event === undefined || HEARD.includes(event.toLowerCase())
}

function checkStatus({ status, body }: Response): void {
  if (status === 200) return
  if (status === 0) throw refused(`the script gave no answer: ${start(body)}`, `脚本没有给出响应：${start(body)}`)
  throw refused(`the status is ${status}; only 200 counts`, `状态码为 ${status}；只有 200 才算成功`)
}

const BOM = '\u{feff}'

function checkEcho(body: string, echostr: string): void {
  if (body === echostr) return
  if (body.startsWith(BOM)) throw byteOrderMark()
  if (body.trim() === echostr) {
    throw refused('there is white space round the echostr', 'echostr 前后有多余的空白字符')
  }
  if (body.includes(echostr)) {
    throw refused(`there is more than the echostr: ${start(body)}`, `除 echostr 外还有其他内容：${start(body)}`)
  }
  throw refused(`the body is not the echostr but ${start(body)}`, `返回的不是 echostr，而是 ${start(body)}`)
}

/** The reply in plain, out of its envelope where it has one and the mode permits it. */
function openReply(body: string, { mode, account }: Expectation): string {
  if (body.startsWith(BOM)) throw byteOrderMark()
  if (/^\s*"?success"?\s*$/i.test(body)) {
    throw refused(`${start(body)} is not exactly the seven bytes success`, `${start(body)} 不是恰好七个字节的 success`)
  }
  if (!/^\s*</.test(body)) throw refused(`this is not XML: ${start(body)}`, `不是 XML：${start(body)}`)
  const sealed = Object.hasOwn(parsed(body).root, 'Encrypt')
  if (!sealed && mode !== 'safe') return body
  if (!sealed) throw refused('the reply is not encrypted, in safe mode', '安全模式下回复没有加密')
  if (mode === 'plain') throw refused('the reply is encrypted, in plain mode', '明文模式下回复被加密了')
  return decrypted(body, account)
}

function decrypted(body: string, { token, aesKey, appId }: SimulatedAccount): string {
  try {
    const credentials = { tokens: [token], aesKeys: [decodeAesKey(aesKey)], appId }
    return openEnvelope(readEnvelope(body), credentials).xml.toString()
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error
    const { en, zh } = ENVELOPE_FAULTS[error.code] ?? ENVELOPE_FAULTS[-40007] ?? { en: '', zh: '' }
    throw refused(`${en} (${error.code})`, `${zh}（${error.code}）`)
  }
}

const ENVELOPE_FAULTS: Readonly<Record<number, Bilingual>> = {
  [-40001]: { en: 'the MsgSignature of the encrypted reply is wrong', zh: '加密回复的 MsgSignature 不正确' },
  [-40002]: {
    en: 'the encrypted reply lacks Encrypt, MsgSignature, TimeStamp or Nonce',
    zh: '加密回复缺少 Encrypt、MsgSignature、TimeStamp 或 Nonce',
  },
  [-40005]: { en: 'the AppID inside the encrypted reply is another', zh: '加密回复中的 AppID 不一致' },
  [-40007]: { en: 'the encrypted reply cannot be decrypted', zh: '加密回复无法解密' },
}

function parsed(xml: string): { readonly root: XmlElement } {
  try {
    return parseXml(Buffer.from(xml))
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    const { en, zh } = XML_FAULTS[error.reason]
    throw refused(`${en}: ${start(xml)}`, `${zh}：${start(xml)}`)
  }
}

const MALFORMED: Bilingual = { en: 'the reply is not well-formed XML', zh: '回复不是格式正确的 XML' }
const XML_FAULTS: Readonly<Record<XmlFault, Bilingual>> = {
  'not-utf8': { en: 'the reply is not UTF-8', zh: '回复不是 UTF-8 编码' },
  prolog: { en: 'the reply does not begin with <xml>', zh: '回复不是以 <xml> 开头' },
  declaration: { en: 'the reply has a DOCTYPE or another declaration', zh: '回复含有 DOCTYPE 或其他声明' },
  malformed: MALFORMED,
  attributes: { en: 'the reply has attributes', zh: '回复的元素带有属性' },
  'too-deep': { en: 'the reply is nested too deep', zh: '回复嵌套过深' },
  'too-many': { en: 'the reply has too many elements', zh: '回复的元素过多' },
}

const NAMES: Readonly<Record<ShownReply['type'], Bilingual>> = {
  text: { en: 'a text', zh: '文本' },
  image: { en: 'a picture', zh: '图片' },
  voice: { en: 'a voice', zh: '语音' },
  video: { en: 'a video', zh: '视频' },
  music: { en: 'music', zh: '音乐' },
  news: { en: 'articles', zh: '图文' },
  transfer: { en: 'handed over to customer service', zh: '转接客服' },
}

function takenAs({ type }: ShownReply): Bilingual {
  return { en: `taken: ${NAMES[type].en}`, zh: `已接受：${NAMES[type].zh}` }
}

function byteOrderMark(): RefusedResponse {
  return refused('a byte order mark (BOM) stands in front', '开头有字节顺序标记（BOM）')
}

const SHOWN = 60

/** Enough of a body to recognise it by. */
function start(body: string): string {
  return JSON.stringify(body.length > SHOWN ? `${body.slice(0, SHOWN)}…` : body)
}
