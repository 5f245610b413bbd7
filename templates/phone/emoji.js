import { h } from './dom.js'
import { word } from './words.js'

const EMOJI = [
  ...'😀😄😂🤣😊😍😘😋🤔😎😴😭😡😱🥳🤗😅🙄😇🤝👍👎👏🙏💪👌✌👋❤💔🌹🎉🎁🎂🌞🌙⭐🔥🌈☔🍉🍜🍵☕🍺🐱🐶🐼🦋🌳🚀🏖🎵💡📷📍📦💰✅❌❓',
]

/**
 * Emoji to choose from.
 *
 * @param {(character: string) => void} choose
 */
export function emojiPanel(choose) {
  const buttons = EMOJI.map(character =>
    h('li', {}, h('button', { type: 'button', class: 'emoji', onclick: () => choose(character) }, character)),
  )
  return h('ul', { class: 'panel panel_emoji', 'aria-label': word('emoji') }, ...buttons)
}
