import { withoutForbidden } from '../xml/characters.ts'
import { DESCRIPTION_CHARACTERS, TITLE_CHARACTERS } from './limits.ts'
import { ReplyError } from './reply-error.ts'
import type { Article, Reply } from './types.ts'

const HTTP_URL = /^https?:\/\/[^\s/]+(?:\/|$|[?#])/

/**
 * What WeChat would take and yet show wrongly: for development and tests, where each finding is worth a log line or a
 * failure. Nothing here is certain enough to withhold a follower's answer.
 */
export function lintReply(reply: Reply): ReplyError[] {
  return [...forbiddenCharacters(`reply ${reply.MsgType}`, reply), ...findingsByType(reply)]
}

function findingsByType(reply: Reply): Iterable<ReplyError> {
  switch (reply.MsgType) {
    case 'text':
      return textFindings(reply.Content)
    case 'music':
      return [
        ...urlFindings('reply music: MusicUrl', reply.MusicUrl),
        ...urlFindings('reply music: HQMusicUrl', reply.HQMusicUrl),
      ]
    case 'news':
      return reply.Articles.flatMap((article, index) => [...articleFindings(`reply news: Articles[${index}]`, article)])
    default:
      return []
  }
}

function* textFindings(content: string): Generator<ReplyError> {
  const where = 'reply text: Content'
  if (content.includes('\\n')) {
    yield finding(
      where,
      'has \\n as two characters, shown as they stand; use a line feed',
      '含有两个字符的 \\n，会原样显示；请使用真正的换行符',
    )
  }
  const [tag] = /<\/?(?!a[\s>])[a-z][a-z0-9]*(?=[\s/>])/i.exec(content) ?? []
  if (tag) {
    yield finding(
      where,
      `has ${tag}>, shown as it stands; only <a href="…"> works`,
      `含有 ${tag}>，会原样显示；只支持 <a href="…">`,
    )
  }
  const links = [...content.matchAll(/<a\s([^<>]*)>/gi)]
  if (links.some(([, attributes = '']) => !/\bhref=["'](?:https?|weixin):\/\//i.test(attributes))) {
    yield finding(where, 'has a link without href="https://…"', '含有缺少 href="https://…" 的链接')
  }
  if (links.length !== [...content.matchAll(/<\/a>/gi)].length) {
    yield finding(where, 'has a link that is not closed by </a>', '含有未以 </a> 结束的链接')
  }
}

function* articleFindings(where: string, article: Article): Generator<ReplyError> {
  const { Title, Description = '', PicUrl = '' } = article
  if (Title.trim() === '') yield finding(`${where}.Title`, 'is empty', '是空的')
  yield* lengthFindings(`${where}.Title`, Title, TITLE_CHARACTERS)
  yield* lengthFindings(`${where}.Description`, Description, DESCRIPTION_CHARACTERS)
  yield* urlFindings(`${where}.PicUrl`, PicUrl)
  yield* urlFindings(`${where}.Url`, article.Url)
  if (/\.gif(?:[?#]|$)/i.test(PicUrl))
    yield finding(`${where}.PicUrl`, 'is a gif; use jpg or png', '是 gif；请使用 jpg 或 png')
}

function* lengthFindings(where: string, value: string, limit: number): Generator<ReplyError> {
  const characters = [...value].length
  if (characters <= limit) return
  const bytes = Buffer.byteLength(value)
  yield finding(
    where,
    `is ${characters} characters (${bytes} bytes); ${limit} characters are sure to be shown`,
    `有 ${characters} 个字符（${bytes} 字节）；最多 ${limit} 个字符可确保完整显示`,
  )
}

/** Left out or empty is fine. */
function* urlFindings(where: string, url = ''): Generator<ReplyError> {
  if (url !== '' && !HTTP_URL.test(url))
    yield finding(where, 'is not an http:// or https:// URL', '不是 http:// 或 https:// 网址')
}

function* forbiddenCharacters(where: string, fields: object): Generator<ReplyError> {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'object') yield* forbiddenCharacters(`${where}: ${name}`, value)
    else if (withoutForbidden(String(value)) !== String(value)) {
      yield finding(
        `${where}: ${name}`,
        'has characters that XML forbids; they are left out',
        '含有 XML 不允许的字符，发送时会被去掉',
      )
    }
  }
}

function finding(where: string, en: string, zh: string): ReplyError {
  return new ReplyError({ en: `${where} ${en}`, zh: `${where} ${zh}` })
}
