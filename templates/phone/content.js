import { h } from './dom.js'
import { icon } from './icons.js'
import { outside, textNodes } from './text.js'
import { say, word } from './words.js'

/** @typedef {import('./state.js').Line} Line */

/**
 * What a line says, as WeChat shows it.
 *
 * @param {Line} line
 * @param {(content: string, menuId: string) => void} tap what a link of a menu message sends
 * @returns {Node}
 */
export function contentNodes({ content, media = {} }, tap) {
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
    case 'transfer':
      return h('div', { class: 'bubble' }, word('transferred'))
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
    case 'notice':
      return h('div', { class: 'bubble' }, say(content.text))
  }
}

/** @param {string} mediaId */
function mediaAddress(mediaId) {
  return `media/${encodeURIComponent(mediaId)}`
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

/**
 * @param {string} mediaId
 * @param {string | undefined} type of the clip, where we hold it
 * @param {number | undefined} seconds
 */
function voice(mediaId, type, seconds) {
  const length = seconds === undefined ? '' : `${seconds}″`
  if (!type) return h('div', { class: 'bubble voice' }, icon('voice'), length || word('voice'), unknownMedia(mediaId))
  const sound = new Audio(mediaAddress(mediaId))
  sound.preload = 'none'
  const button = h(
    'button',
    {
      type: 'button',
      class: 'bubble voice',
      'aria-label': `${word('play')} ${word('voice')} ${seconds ?? ''}`,
      onclick: () => sound.play(),
    },
    icon('voice'),
    length || word('voice'),
  )
  if (seconds !== undefined) button.style.setProperty('--seconds', String(seconds))
  return button
}

/**
 * @param {Extract<Line['content'], { type: 'video' | 'shortvideo' }>} content
 * @param {string | undefined} type of the film, where we hold it
 */
function video(content, type) {
  const title = 'title' in content ? content.title : undefined
  const description = 'description' in content ? content.description : undefined
  return h(
    'figure',
    { class: 'film' },
    type
      ? h('video', {
          controls: true,
          preload: 'metadata',
          playsinline: true,
          src: mediaAddress(content.mediaId),
          'aria-label': title || word(content.type),
        })
      : h('div', { class: 'film__blank' }, icon('play'), unknownMedia(content.mediaId)),
    (title || description) && h('figcaption', {}, h('strong', {}, title ?? ''), h('span', {}, description ?? '')),
  )
}

/** @param {string} mediaId */
function unknownMedia(mediaId) {
  return h('span', { class: 'unknown-media' }, h('code', {}, mediaId), ` ${word('mediaUnknown')}`)
}

/** @param {Extract<Line['content'], { type: 'location' }>} content */
function locationCard({ label, latitude, longitude }) {
  return h(
    'div',
    { class: 'card place' },
    h('strong', {}, label || word('location')),
    h('span', { class: 'place__figures' }, `${latitude}, ${longitude}`),
    h('div', { class: 'map' }, icon('pin')),
  )
}

/**
 * @param {string} url
 * @param {string} title
 * @param {string} description
 */
function linkCard(url, title, description) {
  const inside = [
    h('strong', {}, title),
    h('span', { class: 'card__text' }, description, h('span', { class: 'card__thumb' }, icon('link'))),
  ]
  return tappable(url, 'card', inside)
}

/**
 * @param {Extract<Line['content'], { type: 'template' }>} content
 * @param {(content: string, menuId: string) => void} tap
 */
function template({ title, lines, url }, tap) {
  const words = lines.map(line => h('span', { class: 'card__line' }, ...textNodes(line, tap)))
  return tappable(url ?? '', 'card', [h('strong', {}, title), ...words])
}

/** @param {Extract<Line['content'], { type: 'music' }>} content */
function music({ title, description, url, hqUrl }) {
  const inside = [
    h('span', { class: 'music__cover' }, icon('music')),
    h('span', { class: 'music__words' }, h('strong', {}, title || word('music')), h('span', {}, description ?? '')),
    icon('play'),
  ]
  return tappable(hqUrl || url || '', 'card music', inside)
}

/** @param {Extract<Line['content'], { type: 'news' }>['articles']} articles */
function news(articles) {
  const [first, ...others] = articles
  if (!first) return h('div', { class: 'card' })
  const single = others.length === 0
  const cover = h(
    'span',
    { class: 'news__cover' },
    articlePicture(first.picUrl),
    !single && h('span', { class: 'news__over' }, first.title),
  )
  const words = h('span', { class: 'card__text' }, first.description)
  return h(
    'div',
    { class: 'card news' },
    tappable(first.url, 'news__first', single ? [h('strong', {}, first.title), cover, words] : [cover]),
    ...others.map(({ title, picUrl, url }) =>
      tappable(url, 'news__more', [h('span', {}, title), articlePicture(picUrl)]),
    ),
  )
}

/**
 * Pictures of this machine are shown; for others a drawing stands in, because the page reaches nothing else.
 *
 * @param {string} address
 */
function articlePicture(address) {
  const near = /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\//.test(address)
  return near
    ? h('img', { class: 'news__picture', src: address, alt: '' })
    : h('span', { class: 'news__picture', title: address }, icon('photo'))
}

/**
 * @param {string} url
 * @param {string} className
 * @param {Node[]} inside
 */
function tappable(url, className, inside) {
  if (!/^https?:\/\//i.test(url)) return h('div', { class: className }, ...inside)
  const link = outside(url, '')
  link.className = className
  link.append(...inside)
  return link
}
