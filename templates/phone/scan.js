import { h } from './dom.js'
import { field, openSheet, sheetForm } from './sheet.js'
import { word } from './words.js'

/** @typedef {import('./state.js').PhoneState} PhoneState */

/**
 * A QR code of the account: those that it has made, or any scene.
 *
 * @param {PhoneState} state
 * @param {(scene: string) => void} scan
 */
export function scanScene(state, scan) {
  openSheet(word('scanTitle'), close => {
    /** @param {string} scene */
    const done = scene => {
      close()
      scan(scene)
    }
    const made = state.qrCodes.map(({ scene }) =>
      h('button', { type: 'button', class: 'chip', onclick: () => done(scene) }, scene),
    )
    return [
      viewfinder(),
      made.length > 0 && h('p', { class: 'sheet__note' }, word('madeByAccount')),
      made.length > 0 && h('div', { class: 'chips' }, ...made),
      sheetForm(
        [
          h(
            'div',
            { class: 'weui-cells' },
            field(word('scene'), 'scene', 'booth-17', { required: true, maxlength: '64' }),
          ),
        ],
        word('scan'),
        ({ scene = '' }) => done(scene),
      ),
    ]
  })
}

/**
 * Any code, for a menu button that scans.
 *
 * @param {(code: { type: string, result: string }) => void} scan
 */
export function scanCode(scan) {
  openSheet(word('scan'), close => {
    const kinds = h(
      'span',
      { class: 'choice', role: 'radiogroup', 'aria-label': word('scan') },
      ...['qrcode', 'barcode'].map((kind, index) =>
        h(
          'label',
          {},
          h('input', { type: 'radio', name: 'type', value: kind, checked: index === 0 }),
          h('span', {}, word(kind === 'qrcode' ? 'qrcode' : 'barcode')),
        ),
      ),
    )
    return [
      viewfinder(),
      sheetForm(
        [
          kinds,
          h('div', { class: 'weui-cells' }, field(word('scanResult'), 'result', 'seat=14C&show=3', { required: true })),
        ],
        word('scan'),
        ({ type = '', result = '' }) => {
          close()
          scan({ type, result })
        },
      ),
    ]
  })
}

function viewfinder() {
  return h('div', { class: 'viewfinder', 'aria-hidden': 'true' }, h('span', {}))
}
