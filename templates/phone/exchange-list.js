import { attemptView, timeBar } from './attempt-view.js'
import { h } from './dom.js'
import { icon } from './icons.js'
import { clockWithSeconds } from './time.js'
import { word } from './words.js'

/**
 * @typedef {import('./state.js').PhoneState} PhoneState
 * @typedef {import('../../src/simulator/exchange.ts').Exchange} Exchange
 */

/**
 * Every exchange, the newest first and open.
 *
 * @param {PhoneState} state
 */
export function exchangeList(state) {
  const nothing = h('p', { class: 'nothing' }, word('noExchange'))
  const list = h('ol', { class: 'exchanges' })
  /** @type {Map<string, ReturnType<typeof exchangeItem>>} */
  const items = new Map()
  let newest = ''

  /** @param {Exchange} exchange */
  const update = exchange => {
    nothing.hidden = true
    const item = items.get(exchange.id)
    if (item) return item.update(exchange)
    const made = exchangeItem(state, exchange)
    items.set(exchange.id, made)
    list.prepend(made.element)
    items.get(newest)?.yieldPlace()
    newest = exchange.id
    made.open(true)
    made.update(exchange)
  }
  state.on(['begin'], () => {
    list.replaceChildren()
    items.clear()
    nothing.hidden = state.exchanges.size > 0
    for (const exchange of state.exchanges.values()) update(exchange)
  })
  state.on(['exchange'], update)
  return {
    element: h('div', {}, nothing, list),
    /** @param {string} id */
    show: id => items.get(id)?.show(),
  }
}

/**
 * @param {PhoneState} state
 * @param {Exchange} first
 */
function exchangeItem(state, first) {
  let current = first
  let pinned = false
  const head = h('button', {
    type: 'button',
    class: 'exchange__head',
    'aria-expanded': 'false',
    onclick: () => toggle(),
  })
  const body = h('div', { class: 'exchange__body' })
  const element = h('li', { class: 'exchange' }, head, body)
  const isOpen = () => head.getAttribute('aria-expanded') === 'true'

  /** @param {boolean} on */
  const open = on => {
    head.setAttribute('aria-expanded', String(on))
    body.hidden = !on
    if (on) fill()
  }
  const toggle = () => {
    pinned = !isOpen()
    open(pinned)
  }
  const fill = () => body.replaceChildren(...current.deliveries.map(each => attemptView(current, each)))
  /** @param {Exchange} exchange */
  const update = exchange => {
    current = exchange
    element.dataset['state'] = exchange.state
    head.replaceChildren(...summary(state, exchange))
    if (isOpen()) fill()
  }
  return {
    element,
    open,
    update,
    /** Closes unless the reader has opened it. */
    yieldPlace: () => !pinned && open(false),
    show: () => {
      pinned = true
      open(true)
      element.scrollIntoView({ block: 'nearest' })
      head.focus()
    },
  }
}

/**
 * @param {PhoneState} state
 * @param {Exchange} exchange
 * @returns {Node[]}
 */
function summary(state, exchange) {
  const { kind, openid, mode, trouble, startedAt, deliveries, xml } = exchange
  return [
    h(
      'span',
      { class: 'exchange__line' },
      icon('chevron'),
      h('span', { class: 'exchange__kind' }, kind),
      h('span', { class: 'exchange__words' }, gist(xml)),
      trouble && h('span', { class: 'tag tag_trouble' }, word(trouble)),
      mode !== 'plain' && xml !== '' && h('span', { class: 'tag' }, word(mode)),
      outcomeTag(exchange),
    ),
    h(
      'span',
      { class: 'exchange__line exchange__line_low' },
      h('time', {}, clockWithSeconds(startedAt)),
      h('span', {}, state.followers.get(openid)?.nickname ?? ''),
      h(
        'span',
        { class: `exchange__bars ${deliveries.length > 1 ? '' : 'exchange__bars_one'}` },
        ...deliveries.map(each => timeBar(exchange, each)),
      ),
    ),
  ]
}

/** @param {Exchange} exchange */
function outcomeTag({ state, deliveries, xml }) {
  const keptOut = deliveries.at(-1)?.verdict?.keptOut
  if (keptOut !== undefined) {
    return h('span', { class: `tag ${keptOut ? 'tag_kept' : 'tag_let'}` }, word(keptOut ? 'keptOut' : 'letIn'))
  }
  return h('span', { class: 'tag tag_state' }, word(xml === '' && state === 'answered' ? 'passed' : state))
}

/**
 * What a message says, in a few words.
 *
 * @param {string} xml
 */
function gist(xml) {
  const [, , words = ''] = /<(Content|EventKey|Label|Title)>(?:<!\[CDATA\[)?([\s\S]*?)(?:\]\]>)?<\/\1>/.exec(xml) ?? []
  return words.slice(0, 120)
}
