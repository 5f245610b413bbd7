import { lineElement } from './bubble.js'
import { h } from './dom.js'
import { oneStop } from './one-stop.js'
import { clock } from './time.js'
import { word } from './words.js'

/**
 * @typedef {import('./state.js').PhoneState} PhoneState
 * @typedef {import('./state.js').Line} Line
 */

/** A time is shown above a line that comes so many milliseconds after the one before. */
const PAUSE = 5 * 60_000

/**
 * The lines of the follower whom the phone acts as.
 *
 * @param {PhoneState} state
 * @param {{ tap: (content: string, menuId: string) => void, show: (exchange: string) => void }} actions
 */
export function chat(state, actions) {
  const list = h('ol', { class: 'chat__lines' })
  const element = h('div', { class: 'chat', tabindex: '0', role: 'log', 'aria-label': word('chat') }, list)
  const toEnd = () => {
    element.scrollTop = element.scrollHeight
  }
  const update = oneStop(list)
  /** @type {Map<string, HTMLElement>} */
  const shown = new Map()
  let last = 0

  /** @param {Line} line */
  const put = line => {
    if (line.openid !== state.openid) return
    const made = lineElement(state, line, actions)
    const old = shown.get(line.id)
    shown.set(line.id, made)
    if (old) return replace(old, made)
    if (line.at - last > PAUSE)
      list.append(h('li', { class: 'line line_notice' }, h('time', { class: 'notice' }, clock(line.at))))
    last = line.at
    list.append(made)
    toEnd()
  }

  /** @param {Iterable<Line>} lines */
  const show = lines => {
    for (const line of lines) put(line)
    update()
  }

  state.on(['begin'], () => {
    shown.clear()
    last = 0
    list.replaceChildren()
    show(state.lines.values())
  })
  state.on(['line'], line => show([line]))
  // How long its answer took is written beside what was sent.
  state.on(['exchange'], ({ id }) => {
    show([...state.lines.values()].filter(({ exchange, from }) => exchange === id && from === 'follower'))
  })
  // Pictures that have come, and panels that open below.
  new ResizeObserver(toEnd).observe(element)
  new ResizeObserver(toEnd).observe(list)
  return element
}

/**
 * Whoever is in the old line with the keyboard goes on in the new one.
 *
 * @param {HTMLElement} old
 * @param {HTMLElement} made
 */
function replace(old, made) {
  const wasIn = old.contains(document.activeElement)
  old.replaceWith(made)
  if (wasIn) made.querySelector('button')?.focus()
}
