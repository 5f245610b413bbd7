import { h } from './dom.js'
import { icon } from './icons.js'
import { clockWithSeconds } from './time.js'
import { word } from './words.js'

/**
 * @typedef {import('./state.js').PhoneState} PhoneState
 * @typedef {import('./state.js').ApiCall} ApiCall
 */

/**
 * Everything that the fake API was asked, the newest first.
 *
 * @param {PhoneState} state
 */
export function callList(state) {
  const nothing = h('p', { class: 'nothing' }, word('noCalls'))
  const list = h('ol', { class: 'exchanges' })
  /** @param {ApiCall} call */
  const add = call => {
    nothing.hidden = true
    list.prepend(callItem(call))
  }
  state.on(['begin'], () => {
    list.replaceChildren()
    nothing.hidden = state.calls.size > 0
    for (const call of state.calls.values()) add(call)
  })
  state.on(['call'], add)
  return h('div', {}, nothing, list)
}

/** @param {ApiCall} call */
function callItem({ at, method, path, query, body, status, answer, errcode, milliseconds }) {
  const stalls = status === 0
  const answered = !stalls && errcode === 0
  const result = stalls ? word('noResponse') : String(answered ? status : errcode)
  return h(
    'li',
    { class: 'exchange', 'data-state': answered ? 'answered' : 'failed' },
    h(
      'details',
      { class: 'call' },
      h(
        'summary',
        { class: 'exchange__head' },
        h(
          'span',
          { class: 'exchange__line' },
          icon('chevron'),
          h('span', { class: 'exchange__kind' }, method),
          h('span', { class: 'exchange__words' }, path),
          h('span', { class: 'tag tag_state' }, result),
        ),
        h(
          'span',
          { class: 'exchange__line exchange__line_low' },
          h('time', {}, clockWithSeconds(at)),
          h('span', {}, `${Math.round(milliseconds)} ms`),
        ),
      ),
      h(
        'div',
        { class: 'exchange__body' },
        query !== '' && h('div', {}, h('h3', {}, word('query')), h('pre', { class: 'code' }, query)),
        body !== '' && h('div', {}, h('h3', {}, word('body')), h('pre', { class: 'code' }, readable(body))),
        h('h3', {}, word('response')),
        h('pre', { class: 'code' }, readable(answer)),
      ),
    ),
  )
}

/** @param {string} text JSON, or not */
function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
