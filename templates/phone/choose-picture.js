import { h } from './dom.js'
import { filePicker } from './file-picker.js'
import { samplePictures } from './sample-picture.js'
import { openSheet } from './sheet.js'
import { word } from './words.js'

/**
 * A picture: one of ours, or a file.
 *
 * @param {(picture: Blob) => void} send
 */
export function choosePicture(send) {
  openSheet(word('choosePicture'), close => {
    /** @param {Blob} picture */
    const done = picture => {
      close()
      send(picture)
    }
    const samples = samplePictures().map((canvas, index) =>
      h(
        'button',
        {
          type: 'button',
          class: 'sample',
          'aria-label': `${word('samplePicture')} ${index + 1}`,
          onclick: () => canvas.toBlob(blob => blob && done(blob), 'image/jpeg', 0.9),
        },
        canvas,
      ),
    )
    return [h('div', { class: 'samples' }, ...samples), filePicker('image/jpeg,image/png,image/gif,image/bmp', done)]
  })
}
