import { h } from './dom.js'
import { field, openSheet, sheetForm } from './sheet.js'
import { word } from './words.js'

/** @param {(link: any) => void} send */
export function chooseLink(send) {
  openSheet(word('link'), close => [
    sheetForm(
      [
        h(
          'div',
          { class: 'weui-cells' },
          field(word('title'), 'title', word('sampleTitle'), { required: true }),
          field(word('description'), 'description', word('sampleDescription')),
          field(word('address'), 'url', 'https://example.com/bamboo?x=1&y=2', { type: 'url', required: true }),
        ),
      ],
      word('sendLink'),
      values => {
        close()
        send(values)
      },
    ),
  ])
}
