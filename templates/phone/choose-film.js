import { h } from './dom.js'
import { filePicker } from './file-picker.js'
import { openSheet } from './sheet.js'
import { word } from './words.js'

/**
 * A film from a file, or the mere message that there is one.
 *
 * @param {string} title
 * @param {(film?: Blob) => void} send
 */
export function chooseFilm(title, send) {
  openSheet(title, close => {
    /** @param {Blob} [film] */
    const done = film => {
      close()
      send(film)
    }
    return [
      h('button', { type: 'button', class: 'secondary', onclick: () => done() }, word('sampleVideo')),
      filePicker('video/*', done),
    ]
  })
}
