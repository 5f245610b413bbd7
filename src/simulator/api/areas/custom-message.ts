import type { Account } from '../account.ts'
import { isObject, listOf, objectOf, optionalText, textOf } from '../fields.ts'
import type { FollowerMessage } from '../follower-message.ts'
import { refuse } from '../refusal.ts'
import { type JsonObject, OK, type Routes } from '../route.ts'
import { mediaOf } from './media.ts'
import { refuseEscapes } from './menu.ts'

/** "Customer service messages". */
export const customMessageRoutes: Routes = {
  'POST /cgi-bin/message/custom/send': {
    perDay: 500_000,
    answer(asked, account) {
      refuseEscapes(asked)
      const openid = textOf(asked.body, 'touser', 40003)
      const type = textOf(asked.body, 'msgtype', 40008)
      const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined
      if (!reader) refuse(40008)
      account.followers.subscribed(openid)
      const message = reader(objectOf(asked.body, type, 40008), account)
      account.followers.spend(openid)
      account.deliver(openid, message)
      return OK
    },
  },
  'POST /cgi-bin/message/custom/typing': {
    answer({ body }, account) {
      const openid = textOf(body, 'touser', 40003)
      const command = optionalText(body, 'command')
      if (command !== 'Typing' && command !== 'CancelTyping') refuse(45072)
      const on = command === 'Typing'
      account.followers.type(openid, on)
      account.deliver(openid, { type: 'typing', on })
      return OK
    },
  },
}

const TEXT_BYTES = 2048

/** What the follower's phone shows of each `msgtype`. */
const READERS: Readonly<Record<string, (content: JsonObject, account: Account) => FollowerMessage>> = {
  text(content) {
    const text = textOf(content, 'content', 44004)
    return Buffer.byteLength(text) > TEXT_BYTES ? refuse(45002) : { type: 'text', content: text }
  },
  image: (content, account) => ({ type: 'image', mediaId: mediaIn(content, 'media_id', account) }),
  voice: (content, account) => ({ type: 'voice', mediaId: mediaIn(content, 'media_id', account) }),
  video: (content, account) => ({
    type: 'video',
    mediaId: mediaIn(content, 'media_id', account),
    title: optionalText(content, 'title'),
    description: optionalText(content, 'description'),
  }),
  music: (content, account) => ({
    type: 'music',
    title: optionalText(content, 'title'),
    description: optionalText(content, 'description'),
    url: textOf(content, 'musicurl', 40035),
    hqUrl: textOf(content, 'hqmusicurl', 40035),
    thumbMediaId: mediaIn(content, 'thumb_media_id', account),
  }),
  news(content) {
    const articles = listOf(content, 'articles', 45008).filter(isObject)
    if (articles.length !== 1) refuse(45008)
    return {
      type: 'news',
      articles: articles.map(article => ({
        title: textOf(article, 'title', 40035),
        description: optionalText(article, 'description'),
        picUrl: optionalText(article, 'picurl'),
        url: optionalText(article, 'url'),
      })),
    }
  },
  msgmenu(content) {
    const items = listOf(content, 'list', 40035).filter(isObject)
    if (items.length === 0) refuse(40035)
    return {
      type: 'menu',
      head: optionalText(content, 'head_content'),
      items: items.map(item => ({ id: String(item['id'] ?? ''), content: textOf(item, 'content', 40035) })),
      tail: optionalText(content, 'tail_content'),
    }
  },
  miniprogrampage: (content, account) => ({
    type: 'miniprogram',
    title: textOf(content, 'title', 40035),
    appId: textOf(content, 'appid', 40035),
    pagePath: textOf(content, 'pagepath', 40035),
    thumbMediaId: mediaIn(content, 'thumb_media_id', account),
  }),
  wxcard: content => ({ type: 'card', kind: 'wxcard', id: textOf(content, 'card_id', 40035) }),
  mpnews: content => ({ type: 'card', kind: 'mpnews', id: textOf(content, 'media_id', 40007) }),
  mpnewsarticle: content => ({ type: 'card', kind: 'mpnewsarticle', id: textOf(content, 'article_id', 40035) }),
}

function mediaIn(content: JsonObject, name: string, account: Account): string {
  return mediaOf(textOf(content, name, 40007), account).mediaId
}
