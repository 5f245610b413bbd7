import { h } from './dom.js'
import { emojiPanel } from './emoji.js'
import { icon } from './icons.js'
import { menuBar } from './menu-bar.js'
import { messageField } from './message-field.js'
import { morePanel } from './more-panel.js'
import { talkButton } from './talk-button.js'
import { word } from './words.js'

/**
 * @typedef {import('./state.js').PhoneState} PhoneState
 * @typedef {import('./actions.js').FollowerActions} FollowerActions
 */

/**
 * What stands below the chat: the account's menu, or the row to write in with its panels.
 *
 * @param {PhoneState} state
 * @param {FollowerActions} actions
 */
export function composer(state, actions) {
  // The button that was pressed is gone: whoever uses the keyboard goes on in what took its place.
  const menu = menuBar(state, actions, () => {
    setMenu(false)
    text.focus()
  })
  const toMenu = roundButton('list', word('toMenu'), () => {
    setMenu(true)
    menu.element.querySelector('button')?.focus()
  })
  const smile = roundButton('smile', word('emoji'), () => setPanel(emoji))
  const plus = roundButton('plus', word('more'), () => setPanel(more))
  const { text, send, insert } = messageField(actions, empty => {
    plus.hidden = !empty
  })
  const talk = talkButton(actions)
  const toVoice = roundButton('voice', word('toVoice'), () => setVoice(true))
  const toText = roundButton('keyboard', word('toKeyboard'), () => setVoice(false))
  const emoji = emojiPanel(insert)
  const more = morePanel(state, actions)
  const row = h('div', { class: 'composer__row' }, toMenu, toVoice, toText, text, talk, smile, plus, send)
  const element = h('section', { class: 'composer', 'aria-label': word('message') }, menu.element, row, emoji, more)

  /** @param {boolean} on */
  const setMenu = on => {
    const possible = menu.size() > 0
    menu.element.hidden = !(on && possible)
    row.hidden = on && possible
    toMenu.hidden = !possible
    setPanel(undefined)
  }
  /** @param {boolean} on */
  const setVoice = on => {
    talk.hidden = !on
    text.hidden = on
    toText.hidden = !on
    toVoice.hidden = on
    setPanel(undefined)
    if (on) talk.focus()
    else text.focus()
  }
  /** @param {HTMLElement | undefined} panel */
  const setPanel = panel => {
    for (const [each, button] of /** @type {const} */ ([
      [emoji, smile],
      [more, plus],
    ])) {
      each.hidden = each !== panel || !each.hidden
      button.setAttribute('aria-expanded', String(!each.hidden))
    }
  }
  state.on(['menus'], () => {
    const had = !toMenu.hidden
    menu.update()
    // Whoever writes goes on writing when another menu comes.
    if (had !== menu.size() > 0) setMenu(text.value === '')
  })
  state.on(['begin'], () => {
    menu.update()
    setMenu(text.value === '')
    element.hidden = !state.follower?.followed
  })
  state.on(['follower'], () => {
    element.hidden = !state.follower?.followed
  })
  talk.hidden = true
  toText.hidden = true
  setPanel(undefined)
  return element
}

/**
 * @param {Parameters<typeof icon>[0]} drawing
 * @param {string} label
 * @param {() => void} onclick
 */
function roundButton(drawing, label, onclick) {
  return h('button', { type: 'button', class: 'round', 'aria-label': label, title: label, onclick }, icon(drawing))
}
