import { callList } from './call-list.js'
import { controls } from './controls.js'
import { h } from './dom.js'
import { exchangeList } from './exchange-list.js'
import { word } from './words.js'

/** @typedef {import('./state.js').PhoneState} PhoneState */

/**
 * What stands beside the phone: the platform's controls, and what went over the wire.
 *
 * @param {PhoneState} state
 */
export function bench(state) {
  const exchanges = exchangeList(state)
  const calls = callList(state)
  const exchangesTab = tab('exchanges', word('exchanges'), exchanges.element)
  const callsTab = tab('calls', word('calls'), calls)
  const tabs = [exchangesTab, callsTab]

  /** @param {typeof exchangesTab} chosen */
  const choose = chosen => {
    for (const each of tabs) {
      const on = each === chosen
      each.panel.hidden = !on
      each.button.setAttribute('aria-selected', String(on))
      each.button.tabIndex = on ? 0 : -1
    }
  }
  for (const each of tabs) {
    each.button.addEventListener('click', () => choose(each))
    each.button.addEventListener('keydown', event => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
      const other = each === exchangesTab ? callsTab : exchangesTab
      choose(other)
      other.button.focus()
    })
  }
  state.on(['begin', 'exchange', 'call'], () => {
    exchangesTab.count(state.exchanges.size)
    callsTab.count(state.calls.size)
  })
  choose(exchangesTab)
  return {
    element: h(
      'section',
      { class: 'bench', 'aria-label': word('bench') },
      h('h2', { class: 'unseen' }, word('bench')),
      controls(state),
      h('div', { class: 'tabs', role: 'tablist', 'aria-label': word('bench') }, exchangesTab.button, callsTab.button),
      exchangesTab.panel,
      callsTab.panel,
    ),
    /** @param {string} id */
    show: id => {
      choose(exchangesTab)
      exchanges.show(id)
    },
  }
}

/**
 * @param {string} id
 * @param {string} label
 * @param {Node} content
 */
function tab(id, label, content) {
  const number = h('span', { class: 'tabs__count' })
  const button = h(
    'button',
    { type: 'button', class: 'tabs__tab', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` },
    label,
    number,
  )
  const panel = h(
    'div',
    { class: 'tabs__panel', role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}`, tabindex: '0' },
    content,
  )
  return {
    button,
    panel,
    count: (/** @type {number} */ count) => (number.textContent = count > 0 ? String(count) : ''),
  }
}
