import { h } from './dom.js'

const SHOWN_MS = 2600

const place = h('div', { class: 'toasts', role: 'status' })

/** Where toasts appear; put it on the page once. */
export function toasts() {
  return place
}

/**
 * Says something for a moment.
 *
 * @param {string} text
 */
export function toast(text) {
  const shown = h('div', { class: 'toast' }, text)
  // Above an open dialog, which hides everything else.
  const dialog = document.querySelector('dialog[open]')
  dialog?.append(place)
  if (!dialog) document.body.append(place)
  place.append(shown)
  setTimeout(() => shown.remove(), SHOWN_MS)
}
