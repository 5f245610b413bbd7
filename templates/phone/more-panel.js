import { chooseFilm } from './choose-film.js'
import { chooseLink } from './choose-link.js'
import { choosePicture } from './choose-picture.js'
import { choosePlace } from './choose-place.js'
import { h } from './dom.js'
import { icon } from './icons.js'
import { scanScene } from './scan.js'
import { word } from './words.js'

/**
 * @typedef {import('./state.js').PhoneState} PhoneState
 * @typedef {import('./actions.js').FollowerActions} FollowerActions
 */

/**
 * Everything that can be sent besides words.
 *
 * @param {PhoneState} state
 * @param {FollowerActions} actions
 */
export function morePanel(state, actions) {
  return h(
    'ul',
    { class: 'panel panel_more', 'aria-label': word('more') },
    cell('photo', word('picture'), () => choosePicture(blob => actions.file('image', blob))),
    cell('video', word('video'), () => chooseFilm(word('video'), blob => actions.file('video', blob))),
    cell('film', word('shortvideo'), () => chooseFilm(word('shortvideo'), blob => actions.file('shortvideo', blob))),
    cell('pin', word('location'), () => choosePlace({ send: actions.location, report: actions.report })),
    cell('link', word('link'), () => chooseLink(actions.link)),
    cell('scan', word('scan'), () => scanScene(state, actions.scan)),
  )
}

/**
 * @param {Parameters<typeof icon>[0]} drawing
 * @param {string} label
 * @param {() => void} onclick
 */
function cell(drawing, label, onclick) {
  return h(
    'li',
    {},
    h('button', { type: 'button', class: 'tile', onclick }, h('span', { class: 'tile__face' }, icon(drawing)), label),
  )
}
