import { h } from './dom.js'
import { word } from './words.js'

/** @typedef {import('./actions.js').FollowerActions} FollowerActions */

/**
 * The field that a message is written in, and the button that sends it; Enter does as well, and a picture can be pasted.
 *
 * @param {FollowerActions} actions
 * @param {(empty: boolean) => void} changed told whether nothing is written
 */
export function messageField(actions, changed) {
  const text = h('textarea', {
    class: 'composer__text',
    rows: '1',
    'aria-label': word('message'),
    enterkeyhint: 'send',
  })
  const isEmpty = () => text.value.trim() === ''
  const grow = () => {
    text.style.height = 'auto'
    text.style.height = `${text.scrollHeight}px`
    send.hidden = isEmpty()
    changed(isEmpty())
  }
  const sendText = () => {
    if (isEmpty()) return
    actions.text(text.value)
    text.value = ''
    grow()
    text.focus()
  }
  const send = h('button', { type: 'button', class: 'composer__send', onclick: sendText }, word('send'))
  text.addEventListener('input', grow)
  text.addEventListener('keydown', event => {
    // While a Chinese word is being chosen, Enter belongs to the input method.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    sendText()
  })
  text.addEventListener('paste', event => {
    const picture = [...(event.clipboardData?.files ?? [])].find(file => file.type.startsWith('image/'))
    if (picture) actions.file('image', picture)
  })
  grow()
  return {
    text,
    send,
    /** @param {string} characters put where the cursor is */
    insert: characters => {
      text.setRangeText(characters, text.selectionStart, text.selectionEnd, 'end')
      grow()
    },
  }
}
