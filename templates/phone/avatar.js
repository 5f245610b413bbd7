import { h } from './dom.js'

const HUES = 12

/**
 * A face for somebody: a letter of the name on a colour of their own.
 *
 * @param {string} id
 * @param {string} name
 */
export function avatar(id, name) {
  const sum = [...id].reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0)
  const sign = /^[a-z]/i.test(name) ? name[0] : [...name].at(-1)
  return h('span', { class: `avatar hue-${sum % HUES}`, 'aria-hidden': 'true' }, sign)
}

/** The account's own. */
export function accountAvatar() {
  return h('img', { class: 'avatar', src: 'icon.svg', alt: '' })
}
