import { chat } from './chat.js'
import { composer } from './composer.js'
import { h } from './dom.js'
import { icon } from './icons.js'
import { openSheet } from './sheet.js'
import { clock } from './time.js'
import { language, word } from './words.js'

/**
 * @typedef {import('./state.js').PhoneState} PhoneState
 * @typedef {import('./actions.js').FollowerActions} FollowerActions
 */

/**
 * The phone itself: the account's chat for those who follow it, its profile for those who do not.
 *
 * @param {PhoneState} state
 * @param {FollowerActions} actions
 * @param {(exchange: string) => void} show
 */
export function handset(state, actions, show) {
  const title = h('h2', { class: 'bar__title', 'aria-live': 'polite' }, word('account'))
  const profileButton = h(
    'button',
    {
      type: 'button',
      class: 'round',
      'aria-label': word('profile'),
      title: word('profile'),
      onclick: () => openProfile(state, actions),
    },
    icon('person'),
  )
  const time = h('span', {}, clock(Date.now()))
  setInterval(() => (time.textContent = clock(Date.now())), 10_000)
  const talk = chat(state, { tap: actions.text, show })
  const stranger = h('div', { class: 'profile profile_page' })
  const write = composer(state, actions)
  const showTitle = () => (title.textContent = state.typing.includes(state.openid) ? word('typing') : word('account'))
  state.on(['begin', 'typing'], showTitle)
  state.on(['begin', 'follower'], () => {
    const followed = state.follower?.followed ?? false
    talk.hidden = !followed
    stranger.hidden = followed
    stranger.replaceChildren(...profile(state, actions, () => {}))
  })
  return h(
    'section',
    { class: 'handset', 'aria-label': word('phone') },
    h(
      'div',
      { class: 'screen' },
      h(
        'div',
        { class: 'status-bar', 'aria-hidden': 'true' },
        time,
        h('span', { class: 'status-bar__right' }, h('i', { class: 'signal' }), '5G', h('i', { class: 'battery' })),
      ),
      h(
        'header',
        { class: 'bar' },
        h('span', { class: 'bar__side' }),
        title,
        h('span', { class: 'bar__side' }, profileButton),
      ),
      talk,
      stranger,
      write,
    ),
  )
}

/**
 * @param {PhoneState} state
 * @param {FollowerActions} actions
 */
function openProfile(state, actions) {
  openSheet(word('profile'), close => [h('div', { class: 'profile' }, ...profile(state, actions, close))])
}

/**
 * @param {PhoneState} state
 * @param {FollowerActions} actions
 * @param {() => void} close
 */
function profile(state, actions, close) {
  const followed = state.follower?.followed ?? false
  const act = () => {
    close()
    if (followed) actions.unfollow()
    else actions.follow()
  }
  return [
    h('img', { class: 'profile__face', src: 'icon.svg', alt: '' }),
    h('p', { class: 'profile__name', lang: language === 'zh' ? undefined : 'en' }, word('account')),
    h('p', { class: 'profile__id' }, state.account.userName),
    h('p', { class: 'profile__text' }, word('profileText')),
    h(
      'button',
      { type: 'button', class: followed ? 'secondary secondary_warn' : 'primary', onclick: act },
      word(followed ? 'unfollow' : 'follow'),
    ),
  ]
}
