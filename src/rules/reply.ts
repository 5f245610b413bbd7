import { type ContentView, contentNames, renderContent } from '../dispatch/content.ts'
import { WeixinError } from '../errors.ts'
import { image, news, text, transferCustomerService, video, voice } from '../reply/build.ts'
import { checkReply } from '../reply/check.ts'
import { TEXT_BYTES } from '../reply/limits.ts'
import { entriesAt, objectAt, textAt } from './fields.ts'
import { RuleError, type RulePath } from './rule-error.ts'
import type { Draft } from './types.ts'
import { parseWords, type VariableNames, type Words } from './words.ts'

/** What the replies of one rule are checked against. */
interface Occasion {
  readonly names: VariableNames
  /** A MsgType of what is answered; with `event` and another one the stricter limits of both count. */
  readonly incoming: readonly string[]
}

const drafts: Readonly<Record<string, (value: unknown, path: RulePath, names: VariableNames) => Draft>> = {
  text: textDraft,
  template: templateDraft,
  image: (value, path, names) => mediaDraft(value, path, names, image),
  voice: (value, path, names) => mediaDraft(value, path, names, voice),
  video: videoDraft,
  news: newsDraft,
  transfer: transferDraft,
}

const KINDS = Object.keys(drafts)

/**
 * One reply: words, or an object with one of `text`, `template`, `image`, `voice`, `video`, `news`, `transfer`. It is
 * filled in once on trial, so that what WeChat would refuse is found before anybody writes.
 *
 * @throws {RuleError}
 */
export function parseReply(value: unknown, path: RulePath, { names, incoming }: Occasion): Draft {
  const fields = typeof value === 'string' ? { text: value } : objectAt(value, path, KINDS)
  const [kind = '', other] = Object.keys(fields)
  const parse = drafts[kind]
  if (!parse || other !== undefined) {
    throw new RuleError(path, {
      en: `must have one of ${KINDS.join(', ')}; to choose one at random write a list`,
      zh: `必须恰好有一个：${KINDS.join('、')}；若要随机选一个，请写成列表`,
    })
  }
  const at = typeof value === 'string' ? path : [...path, kind]
  const draft = parse(fields[kind as keyof typeof fields], at, names)
  tryDraft(draft, at, incoming)
  return draft
}

function textDraft(value: unknown, path: RulePath, names: VariableNames): Draft {
  const words = parseWords(value, path, names)
  return view => text(words(view))
}

function templateDraft(value: unknown, path: RulePath): Draft {
  const name = textAt(value, path)
  const permitted = contentNames()
  if (!permitted.includes(name)) {
    throw new RuleError(path, {
      en: `is ${JSON.stringify(name.slice(0, 40))}, which is not in templates/content; permitted: ${permitted.join(', ')}; after a new file run npm run build`,
      zh: `为 ${JSON.stringify(name.slice(0, 40))}，templates/content 中没有这个模板；允许：${permitted.join('、')}；新增文件后请运行 npm run build`,
    })
  }
  return view => text(renderContent(name, view))
}

function mediaDraft(value: unknown, path: RulePath, names: VariableNames, build: typeof image | typeof voice): Draft {
  const mediaId = parseWords(value, path, names)
  return view => build(mediaId(view))
}

function videoDraft(value: unknown, path: RulePath, names: VariableNames): Draft {
  if (typeof value === 'string') return videoDraft({ media: value }, path, names)
  const fields = objectAt(value, path, ['media', 'title', 'description'])
  const mediaId = parseWords(fields['media'], [...path, 'media'], names)
  const title = optionalWords(fields['title'], [...path, 'title'], names)
  const description = optionalWords(fields['description'], [...path, 'description'], names)
  return view => video(mediaId(view), { Title: title(view), Description: description(view) })
}

function newsDraft(value: unknown, path: RulePath, names: VariableNames): Draft {
  const articles = entriesAt(value, path).map(([entry, at]) => {
    const fields = objectAt(entry, at, ['title', 'description', 'picture', 'url'])
    return {
      title: parseWords(fields['title'], [...at, 'title'], names),
      description: optionalWords(fields['description'], [...at, 'description'], names),
      picture: optionalAddress(fields['picture'], [...at, 'picture'], names),
      url: optionalAddress(fields['url'], [...at, 'url'], names),
    }
  })
  return view =>
    news(
      articles.map(({ title, description, picture, url }) => ({
        Title: title(view),
        Description: description(view),
        PicUrl: picture(view),
        Url: url(view),
      })),
    )
}

function transferDraft(value: unknown, path: RulePath, names: VariableNames): Draft {
  if (value === true) return () => transferCustomerService()
  if (typeof value !== 'string') {
    throw new RuleError(path, {
      en: 'must be true, for any agent, or the name of one: "anna@account"',
      zh: '必须是 true（任意客服）或某个客服的帐号："anna@account"',
    })
  }
  const agent = parseWords(value, path, names)
  return view => transferCustomerService(agent(view))
}

function optionalWords(value: unknown, path: RulePath, names: VariableNames): Words {
  return value === undefined ? () => '' : parseWords(value, path, names)
}

/** What is filled into an address cannot add a parameter to it. */
function optionalAddress(value: unknown, path: RulePath, names: VariableNames): Words {
  if (value === undefined) return () => ''
  if (!/^https?:\/\/[^\s/]/.test(textAt(value, path))) {
    throw new RuleError(path, {
      en: 'is not an address; permitted: http://… or https://…',
      zh: '不是网址；应以 http:// 或 https:// 开头',
    })
  }
  return parseWords(value, path, names, encodeURIComponent)
}

/** Every variable as short as can be: what is too long then is always too long. */
const TRIAL: ContentView = new Proxy({}, { get: () => 'x' })

function tryDraft(draft: Draft, path: RulePath, incoming: readonly string[]): void {
  try {
    for (const type of incoming) {
      const reply = checkReply(draft(TRIAL), type, () => {
        throw tooLong()
      })
      if (reply.MsgType === 'none') throw nothingToRead()
    }
  } catch (cause) {
    // A template that mustache cannot read is told in its words.
    const { message } = cause as Error
    const zh = cause instanceof WeixinError ? cause.zh : message
    throw new RuleError(path, { en: `cannot be sent: ${message}`, zh: `无法发送：${zh}` }, { cause })
  }
}

function tooLong(): WeixinError {
  return new WeixinError({
    en: `the text is over ${TEXT_BYTES} bytes, which is all that WeChat takes (a Chinese character is 3)`,
    zh: `文本超过 ${TEXT_BYTES} 字节，微信最多接受这么多（一个汉字为 3 字节）`,
  })
}

function nothingToRead(): WeixinError {
  return new WeixinError({ en: 'there is nothing to read in it', zh: '其中没有可见的文字' })
}
