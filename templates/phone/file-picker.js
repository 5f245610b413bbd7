import { h } from './dom.js'
import { word } from './words.js'

/**
 * A button that looks for a file.
 *
 * @param {string} accept
 * @param {(file: File) => void} done
 */
export function filePicker(accept, done) {
  const change = (/** @type {Event} */ event) => {
    const [file] = /** @type {HTMLInputElement} */ (event.currentTarget).files ?? []
    if (file) done(file)
  }
  return h(
    'label',
    { class: 'secondary file' },
    word('fromComputer'),
    h('input', { type: 'file', class: 'unseen', accept, onchange: change }),
  )
}
