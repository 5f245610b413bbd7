import { attempt } from './actions.js'
import { avatar } from './avatar.js'
import { h } from './dom.js'
import { icon } from './icons.js'
import { ask } from './server.js'
import { word } from './words.js'

/** @typedef {import('./state.js').PhoneState} PhoneState */

/**
 * The people whom the phone can act as, and those who have something new.
 *
 * @param {PhoneState} state
 */
export function followers(state) {
  const list = h('div', { class: 'followers__list', role: 'radiogroup', 'aria-label': word('actAs') })
  const add = h(
    'button',
    {
      type: 'button',
      class: 'round followers__add',
      'aria-label': word('addFollower'),
      title: word('addFollower'),
      onclick: async () => {
        const made = await attempt(() => ask('follower'))
        if (made) state.actAs(made.openid)
      },
    },
    icon('plus'),
  )
  const update = () => {
    const wasIn = list.contains(document.activeElement)
    list.replaceChildren(...[...state.followers.values()].map(each => choice(state, each)))
    // Whoever chooses with the arrow keys goes on from here.
    const chosen = list.querySelector('input:checked')
    if (wasIn && chosen instanceof HTMLInputElement) chosen.focus()
  }
  state.on(['begin', 'follower', 'line'], update)
  return h('div', { class: 'followers' }, list, add)
}

/**
 * @param {PhoneState} state
 * @param {import('./state.js').Follower} follower
 */
function choice(state, { openid, nickname, followed }) {
  const unread = openid === state.openid ? 0 : (state.unread.get(openid) ?? 0)
  return h(
    'label',
    { class: 'follower' },
    h('input', {
      type: 'radio',
      name: 'follower',
      value: openid,
      checked: openid === state.openid,
      onchange: () => state.actAs(openid),
    }),
    h(
      'span',
      { class: `follower__face ${followed ? '' : 'follower__face_away'}` },
      avatar(openid, nickname),
      unread > 0 && h('span', { class: 'follower__unread' }, String(unread)),
    ),
    h(
      'span',
      { class: 'follower__name' },
      nickname,
      h('span', { class: 'unseen' }, ` ${word(followed ? 'followed' : 'notFollowed')}`),
    ),
  )
}
