import type { PlatformMessage } from '../pushed-message.ts'
import { type Details, oneOf, textOf } from './read-json.ts'
import type { SentContent } from './state.ts'

const SENT = ['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link'] as const

/** @throws {PhoneError} when it is no such content */
export function readContent(details: Details): SentContent {
  const type = oneOf(details, 'type', SENT)
  const text = (name: string) => textOf(details, name)
  switch (type) {
    case 'text':
      return { type, content: text('content') }
    case 'location':
      return { type, latitude: text('latitude'), longitude: text('longitude'), label: text('label') }
    case 'link':
      return { type, title: text('title'), description: text('description'), url: text('url') }
    case 'voice':
      return {
        type,
        mediaId: text('mediaId'),
        ...(typeof details['seconds'] === 'number' && { seconds: details['seconds'] }),
      }
    default:
      return { type, mediaId: text('mediaId') }
  }
}

/** A message by its kind and elements. */
export type ComposedMessage = Exclude<PlatformMessage, { readonly xml: string }>

/**
 * The message that brings it to the account ("Standard messages").
 *
 * @param picture the address under which the responder can fetch a picture
 */
export function messageOf(openid: string, content: SentContent, picture: (mediaId: string) => string): ComposedMessage {
  const { type: kind } = content
  switch (content.type) {
    case 'text':
      return { kind, openid, values: [content.content] }
    case 'image':
      return { kind, openid, values: [picture(content.mediaId), content.mediaId] }
    case 'voice':
      return { kind, openid, values: [content.mediaId, 'amr'] }
    case 'video':
    case 'shortvideo':
      return { kind, openid, values: [content.mediaId, `${content.mediaId}-thumb`] }
    case 'location':
      return { kind, openid, values: [content.latitude, content.longitude, '16', content.label] }
    case 'link':
      return { kind, openid, values: [content.title, content.description, content.url] }
  }
}
