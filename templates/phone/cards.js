import { h } from './dom.js'
import { icon } from './icons.js'
import { outside, textNodes } from './text.js'
import { word } from './words.js'

/** @typedef {import('./state.js').Line} Line */

/** @param {Extract<Line['content'], { type: 'location' }>} content */
export function locationCard({ label, latitude, longitude }) {
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
export function linkCard(url, title, description) {
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
export function template({ title, lines, url }, tap) {
  const words = lines.map(line => h('span', { class: 'card__line' }, ...textNodes(line, tap)))
  return tappable(url ?? '', 'card', [h('strong', {}, title), ...words])
}

/** @param {Extract<Line['content'], { type: 'music' }>} content */
export function music({ title, description, url, hqUrl }) {
  const inside = [
    h('span', { class: 'music__cover' }, icon('music')),
    h('span', { class: 'music__words' }, h('strong', {}, title || word('music')), h('span', {}, description ?? '')),
    icon('play'),
  ]
  return tappable(hqUrl || url || '', 'card music', inside)
}

/** @param {Extract<Line['content'], { type: 'news' }>['articles']} articles */
export function news(articles) {
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
