import { h } from './dom.js'
import { icon } from './icons.js'
import { word } from './words.js'

/**
 * A half-screen dialog that comes up from below, and goes with Escape, its cross or a tap beside it.
 *
 * @param {string} title
 * @param {(close: () => void) => (Node | false | undefined)[]} content
 */
export function openSheet(title, content) {
  const close = () => dialog.close()
  const heading = h('h2', { class: 'sheet__title', id: 'sheet-title' }, title)
  const cross = h(
    'button',
    { type: 'button', class: 'sheet__close', 'aria-label': word('close'), onclick: close },
    icon('cross'),
  )
  /** @type {HTMLDialogElement} */
  const dialog = h(
    'dialog',
    { class: 'sheet', 'aria-labelledby': 'sheet-title', onclose: () => dialog.remove() },
    h('div', { class: 'sheet__inside' }, h('header', { class: 'sheet__head' }, heading, cross), ...content(close)),
  )
  dialog.addEventListener('click', event => event.target === dialog && close())
  document.body.append(dialog)
  cover(dialog)
  dialog.showModal()
}

/**
 * Lays a dialog over the phone's screen, wherever that is.
 *
 * @param {HTMLDialogElement} dialog
 */
function cover(dialog) {
  const screen = document.querySelector('.screen')
  if (!screen || !dialog.isConnected) return
  const { left, top, width, height } = screen.getBoundingClientRect()
  for (const [name, value] of Object.entries({ left, top, width, height })) dialog.style.setProperty(name, `${value}px`)
  dialog.style.borderRadius = getComputedStyle(screen).borderRadius
  addEventListener('resize', () => cover(dialog), { once: true })
}

/**
 * A form in a sheet whose fields are given back by name.
 *
 * @param {(Node | false | undefined)[]} fields
 * @param {string} label of the button that sends it
 * @param {(values: Record<string, string>) => void} send
 */
export function sheetForm(fields, label, send) {
  return h(
    'form',
    {
      class: 'sheet__form',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault()
        const form = /** @type {HTMLFormElement} */ (event.currentTarget)
        send(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])))
      },
    },
    ...fields,
    h('button', { class: 'primary', type: 'submit' }, label),
  )
}

/**
 * A cell with a label and a field.
 *
 * @param {string} label
 * @param {string} name
 * @param {string} value
 * @param {Record<string, string | boolean>} [attributes]
 */
export function field(label, name, value, attributes = {}) {
  return h(
    'label',
    { class: 'weui-cell' },
    h('span', { class: 'weui-cell__hd weui-label' }, label),
    h(
      'span',
      { class: 'weui-cell__bd' },
      h('input', { class: 'weui-input', name, value, autocomplete: 'off', ...attributes }),
    ),
  )
}
