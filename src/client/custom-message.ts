import type { Article, Reply } from '../reply/types.ts'
import type { ParametersOf } from './endpoint.ts'
import type { Endpoints } from './endpoints/index.ts'

/** What `customMessage.send` takes. */
export type CustomMessage = ParametersOf<Endpoints['customMessage']['send']>

/**
 * A passive reply as a customer-service message, for an answer that came too late to be one. News of several articles,
 * which such a message cannot have, become a text of links.
 *
 * @returns undefined for a reply that says nothing to the follower, or hands the message over
 */
export function toCustomMessage(reply: Reply, touser: string): CustomMessage | undefined {
  switch (reply.MsgType) {
    case 'text':
      return { touser, msgtype: 'text', text: { content: reply.Content } }
    case 'image':
      return { touser, msgtype: 'image', image: { media_id: reply.MediaId } }
    case 'voice':
      return { touser, msgtype: 'voice', voice: { media_id: reply.MediaId } }
    case 'video':
      return { touser, msgtype: 'video', video: { media_id: reply.MediaId, ...captionOf(reply) } }
    case 'music':
      return {
        touser,
        msgtype: 'music',
        music: {
          ...captionOf(reply),
          musicurl: reply.MusicUrl ?? '',
          hqmusicurl: reply.HQMusicUrl ?? reply.MusicUrl ?? '',
          thumb_media_id: reply.ThumbMediaId,
        },
      }
    case 'news':
      return newsMessage(reply.Articles, touser)
    default:
      return undefined
  }
}

function captionOf({ Title, Description }: { readonly Title?: string; readonly Description?: string }) {
  return {
    ...(Title !== undefined && { title: Title }),
    ...(Description !== undefined && { description: Description }),
  }
}

function newsMessage(articles: readonly Article[], touser: string): CustomMessage | undefined {
  const [first, ...others] = articles
  if (!first) return undefined
  if (others.length > 0) {
    return { touser, msgtype: 'text', text: { content: articles.map(link).join('\n') } }
  }
  const { Title, Description = '', PicUrl = '', Url = '' } = first
  return {
    touser,
    msgtype: 'news',
    news: { articles: [{ title: Title, description: Description, url: Url, picurl: PicUrl }] },
  }
}

function link({ Title, Url }: Article): string {
  return Url ? `<a href="${Url.replaceAll('"', '%22')}">${Title}</a>` : Title
}
