import Mustache from 'mustache'
import { templates } from '#templates'
import { escapeCdata } from '../xml/cdata.ts'
import { ReplyError } from './reply-error.ts'
import type { Reply, ReplyAddress } from './types.ts'

type Tokens = ReturnType<Mustache.Writer['parse']>
type View = Record<string, string | readonly View[]>

const writer = new Mustache.Writer()
const CDATA = { escape: escapeCdata }
const parsed = new Map<string, Tokens>()

/**
 * A checked reply as it goes over the wire, from `templates/reply/`: XML without a declaration, a line end or any white
 * space of ours ("passive reply" documentation); the seven bytes `success` when there is nothing to say.
 *
 * @throws {ReplyError} when createTime is not a number of whole seconds
 */
export function renderReply(reply: Reply, address: ReplyAddress): string {
  if (reply.MsgType === 'none') return 'success'
  const context = new Mustache.Context(viewOf(reply, address))
  return writer.renderTokens(tokensOf(reply.MsgType), context, undefined, undefined, CDATA)
}

/** Parsed when a reply of the type is first rendered: a CGI process renders one. */
function tokensOf(type: string): Tokens {
  let tokens = parsed.get(type)
  if (!tokens) {
    // An editor's line end is not part of the reply.
    tokens = writer.parse((templates.reply[`${type}.xml`] ?? '').trim())
    parsed.set(type, tokens)
  }
  return tokens
}

/** Mustache looks names up along the prototype chain and calls functions: strings only, and no prototype. */
function viewOf(reply: Reply, { toUserName, fromUserName, createTime }: ReplyAddress): View {
  const view: View = Object.create(null)
  view['ToUserName'] = toUserName
  view['FromUserName'] = fromUserName
  view['CreateTime'] = seconds(createTime)
  for (const [name, value] of Object.entries(reply)) if (typeof value === 'string') view[name] = value
  if (reply.MsgType === 'news') {
    view['ArticleCount'] = String(reply.Articles.length)
    view['Articles'] = reply.Articles.map(article => Object.assign(Object.create(null), article))
  }
  return view
}

function seconds(time: number): string {
  const digits = String(time)
  if (/^\d{1,10}$/.test(digits)) return digits
  throw new ReplyError({
    en: `reply: createTime is ${digits}; it is whole seconds since 1970, not milliseconds`,
    zh: `回复：createTime 为 ${digits}；应为自 1970 年起的整数秒，不是毫秒`,
  })
}
