import { linkCard, locationCard, music, news, template } from './cards.js'
import { h } from './dom.js'
import { mediaAddress, video, voice } from './media-content.js'
import { textNodes } from './text.js'
import { word } from './words.js'

/** @typedef {import('./state.js').Line} Line */

/**
 * What a line says, as WeChat shows it.
 *
 * @param {Exclude<Line['content'], { type: 'notice' }>} content
 * @param {Line['media']} media the types of those that this machine holds
 * @param {(content: string, menuId: string) => void} tap what a link of a menu message sends
 * @returns {Node}
 */
export function contentNodes(content, media = {}, tap) {
  switch (content.type) {
    case 'text':
      return h('div', { class: 'bubble' }, ...textNodes(content.content, tap))
    case 'menu':
      return menuMessage(content, tap)
    case 'image':
      return h('img', { class: 'picture', src: mediaAddress(content.mediaId), alt: word('picture') })
    case 'voice':
      return voice(content.mediaId, media[content.mediaId], 'seconds' in content ? content.seconds : undefined)
    case 'video':
    case 'shortvideo':
      return video(content, media[content.mediaId])
    case 'location':
      return locationCard(content)
    case 'link':
      return linkCard(content.url, content.title, content.description)
    case 'music':
      return music(content)
    case 'news':
      return news(content.articles)
    case 'template':
      return template(content, tap)
    case 'miniprogram':
      return h(
        'div',
        { class: 'card' },
        h('strong', {}, content.title),
        h('span', { class: 'card__text' }, content.pagePath),
      )
    case 'card':
      return h('div', { class: 'card' }, h('strong', {}, content.kind), h('code', {}, content.id))
  }
}

/**
 * @param {Extract<Line['content'], { type: 'menu' }>} content
 * @param {(content: string, menuId: string) => void} tap
 */
function menuMessage({ head, items, tail }, tap) {
  return h(
    'div',
    { class: 'bubble' },
    h('div', {}, ...textNodes(head, tap)),
    ...items.map(({ id, content }) =>
      h('div', {}, h('button', { type: 'button', class: 'text-link', onclick: () => tap(content, id) }, content)),
    ),
    tail !== '' && h('div', {}, ...textNodes(tail, tap)),
  )
}
