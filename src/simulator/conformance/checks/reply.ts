import type { XmlElement } from '../../../xml/element.ts'
import type { Check } from '../check.ts'
import { Finding, NotJudged } from '../finding.ts'
import { one, quote, type Reply } from '../judge.ts'
import type { PlayedMessage, Player } from '../player.ts'
import type { WireAnswer } from '../wire.ts'

/** What a passive reply looks like ("Passive reply"), judged by those that this responder happens to give. */
export const replyChecks: readonly Check[] = [
  {
    name: 'reply-addressed',
    severity: 'must',
    title: { en: 'a reply goes from the account to the follower who wrote', zh: '回复的收发双方与来信对调' },
    why: {
      en: 'with both sides not swapped, or another follower, WeChat shows the error line',
      zh: '收发双方没有对调或写成他人，用户会看到故障提示',
    },
    run: player =>
      judgeReplies(player, ({ root }, { from }) => {
        const { toUserName } = player.account
        if (root['ToUserName'] === from && root['FromUserName'] === toUserName) return undefined
        const sides = `${one(root['FromUserName'])} → ${one(root['ToUserName'])}`
        return { en: `it is from and to: ${sides}`, zh: `收发双方为：${sides}` }
      }),
  },
  {
    name: 'reply-time',
    severity: 'should',
    title: { en: 'CreateTime is now, in whole seconds', zh: 'CreateTime 是当前时间，单位为秒' },
    why: {
      en: 'so the documentation says; some SDKs write milliseconds, and WeChat puts up with it as long as it does',
      zh: '文档如此规定；有些 SDK 写成毫秒，微信目前容忍，但没有承诺',
    },
    run: player =>
      judgeReplies(player, ({ root }) => {
        const text = one(root['CreateTime'])
        const DAY = 86400
        const seconds = Math.floor(player.stage.now() / 1000)
        if (/^\d+$/.test(text) && Math.abs(Number(text) - seconds) < DAY) return undefined
        return { en: `CreateTime is ${quote(text) || 'missing'}`, zh: `CreateTime 为${quote(text) || '空'}` }
      }),
  },
  {
    name: 'reply-complete',
    severity: 'must',
    title: { en: 'a reply has every element that its type needs', zh: '回复包含该类型必需的全部元素' },
    why: {
      en: 'an unknown type, an empty text or an empty MediaId shows the follower the error line',
      zh: '未知类型、空文本或空 MediaId 会让用户看到故障提示',
    },
    run: player => judgeReplies(player, ({ root }) => incompleteness(root)),
  },
  {
    name: 'reply-length',
    severity: 'must',
    title: { en: 'a text reply has at most 2048 bytes', zh: '文本回复不超过 2048 字节' },
    why: {
      en: 'WeChat shows the error line in place of a longer one',
      zh: '超过后微信不显示文本，而是显示故障提示',
    },
    async run(player) {
      const long = player.compose('text', ['汉'.repeat(690)])
      await judgeReplies(
        player,
        ({ root }) => {
          const bytes = Buffer.byteLength(one(root['Content']))
          return bytes <= 2048 ? undefined : { en: `it has ${bytes} bytes`, zh: `有 ${bytes} 字节` }
        },
        [long],
      )
    },
  },
  {
    name: 'reply-articles',
    severity: 'must',
    title: { en: 'a message is answered with one article at most', zh: '对用户消息最多回复一条图文' },
    why: {
      en: 'since 2018 WeChat shows one; ArticleCount must be what there is',
      zh: '2018 年起微信只显示一条；ArticleCount 必须与实际条数一致',
    },
    run: player =>
      judgeReplies(player, ({ root }, { xml }) => {
        if (root['MsgType'] !== 'news') return undefined
        const count = articlesOf(root).length
        const limit = xml.includes('<Event>') ? 8 : 1
        if (count <= limit && one(root['ArticleCount']) === String(count)) return undefined
        return {
          en: `${count} articles, ArticleCount ${one(root['ArticleCount'])}, permitted here: ${limit}`,
          zh: `图文 ${count} 条，ArticleCount 为 ${one(root['ArticleCount'])}，此处最多 ${limit} 条`,
        }
      }),
  },
  {
    name: 'reply-exact',
    severity: 'must',
    title: {
      en: 'nothing stands before a reply, and nothing round success',
      zh: '回复之前、success 前后都没有多余的字节',
    },
    why: {
      en: 'a byte order mark in front is no XML to WeChat, and “success” in quotes is not success',
      zh: '开头有 BOM，微信就不认为是 XML；带引号的 "success" 也不是 success',
    },
    run: player =>
      judgeAnswers(player, ({ body }) => {
        const text = body.toString('latin1')
        if (text === '' || text === 'success' || text.startsWith('<')) return undefined
        return { en: `it begins with ${quote(text.slice(0, 20))}`, zh: `开头为${quote(text.slice(0, 20))}` }
      }),
  },
  {
    name: 'reply-type',
    severity: 'should',
    title: {
      en: 'a reply is sent as text/xml or application/xml',
      zh: '回复的 Content-Type 为 text/xml 或 application/xml',
    },
    why: {
      en: 'proxies and browsers on the way treat other types otherwise, and one SDK had to fix it',
      zh: '中途的代理可能对其他类型另作处理，已有 SDK 为此修复过',
    },
    run: player =>
      judgeAnswers(player, ({ headers, body }) => {
        const type = headers['content-type'] ?? ''
        if (!body.includes('<xml>') || /^(?:text|application)\/xml\b/i.test(type)) return undefined
        return { en: `Content-Type is ${quote(type) || 'missing'}`, zh: `Content-Type 为${quote(type) || '空'}` }
      }),
  },
  {
    name: 'reply-uncompressed',
    severity: 'must',
    title: { en: 'answers are not compressed', zh: '应答不压缩' },
    why: {
      en: 'WeChat sends no Accept-Encoding, so it cannot read a compressed answer',
      zh: '微信不发送 Accept-Encoding，无法读取压缩后的内容',
    },
    run: player =>
      judgeAnswers(player, ({ headers }) => {
        const encoding = headers['content-encoding'] ?? 'identity'
        return encoding === 'identity' ? undefined : { en: encoding, zh: encoding }
      }),
  },
  {
    name: 'reply-length-header',
    severity: 'should',
    title: { en: 'answers to messages have a Content-Length', zh: '对消息的应答带有 Content-Length' },
    why: {
      en: 'chunked answers are reported to fail elsewhere, and a length shows an answer that was cut off',
      zh: '有报告称 chunked 应答会出问题；有长度才能发现被截断的应答',
    },
    run: player =>
      judgeAnswers(player, ({ headers, body }) =>
        headers['content-length'] === String(body.length)
          ? undefined
          : {
              en: `Content-Length is ${headers['content-length'] ?? 'missing'}`,
              zh: `Content-Length 为${headers['content-length'] ?? '空'}`,
            },
      ),
  },
]

type Said = { readonly en: string; readonly zh: string } | undefined

/** A message and the answer to it. */
interface Answered {
  readonly message: PlayedMessage
  readonly answer: WireAnswer
}

/** What a follower gets replies to, in most accounts. */
const usualAnswers = (player: Player) =>
  player.once('usual', another =>
    answersTo(another, [
      another.compose('text'),
      another.compose('event:subscribe'),
      another.compose('event:CLICK', ['menu-key']),
    ]),
  )

async function answersTo(player: Player, messages: readonly PlayedMessage[]): Promise<Answered[]> {
  const answered: Answered[] = []
  for (const message of messages) answered.push({ message, answer: await player.deliver(message) })
  return answered
}

async function judgeAnswers(player: Player, judge: (answer: WireAnswer) => Said): Promise<void> {
  for (const { answer } of await usualAnswers(player)) {
    const finding = judge(answer)
    if (finding) throw new Finding(finding)
  }
}

/** Without one reply to judge there is no verdict. */
async function judgeReplies(
  player: Player,
  judge: (reply: Reply, message: PlayedMessage) => Said,
  messages?: readonly PlayedMessage[],
): Promise<void> {
  let judged = 0
  for (const { message, answer } of messages ? await answersTo(player, messages) : await usualAnswers(player)) {
    if (answer.status !== 200) continue
    const reply = player.findReply(answer)
    if (!reply) continue
    judged++
    const finding = judge(reply, message)
    if (finding) throw new Finding(finding)
  }
  if (judged === 0) throw noReply()
}

/** Why replies could not be judged. */
export function noReply(): NotJudged {
  return new NotJudged({ en: 'it gives no reply that could be judged', zh: '它没有给出可供检查的回复' })
}

const NEEDED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  text: [['Content']],
  image: [['Image', 'MediaId']],
  voice: [['Voice', 'MediaId']],
  video: [['Video', 'MediaId']],
  music: [['Music', 'ThumbMediaId']],
  news: [['ArticleCount']],
  transfer_customer_service: [],
  transfer_biz_ai_ivr: [],
}

function incompleteness(root: XmlElement): Said {
  const type = one(root['MsgType'])
  const needed = Object.hasOwn(NEEDED, type) ? NEEDED[type] : undefined
  if (!needed) return { en: `its MsgType is ${quote(type) || 'missing'}`, zh: `MsgType 为${quote(type) || '空'}` }
  const paths = [['ToUserName'], ['FromUserName'], ['CreateTime'], ...needed]
  const missing = paths.find(path => elementAt(root, path).trim() === '')?.join('/')
  if (missing) return { en: `${type} without ${missing}`, zh: `${type} 缺少 ${missing}` }
  return type === 'news' && articlesOf(root).length === 0
    ? { en: 'news without articles', zh: '图文没有条目' }
    : undefined
}

function elementAt(root: XmlElement, [name = '', ...rest]: readonly string[]): string {
  const value = root[name]
  if (rest.length === 0) return one(value)
  return typeof value === 'object' && !Array.isArray(value) ? elementAt(value, rest) : ''
}

function articlesOf(root: XmlElement): readonly unknown[] {
  const articles = root['Articles']
  const items = typeof articles === 'object' && !Array.isArray(articles) ? articles['item'] : undefined
  return Array.isArray(items) ? items : []
}
