import { h } from './dom.js'
import { icon } from './icons.js'
import { word } from './words.js'

/** @typedef {import('./state.js').Line} Line */

/** @param {string} mediaId */
export function mediaAddress(mediaId) {
  return `media/${encodeURIComponent(mediaId)}`
}

/**
 * @param {string} mediaId
 * @param {string | undefined} type of the clip, where we hold it
 * @param {number | undefined} seconds
 */
export function voice(mediaId, type, seconds) {
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
export function video(content, type) {
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
