import { h } from './dom.js'
import { samplePictures } from './sample-picture.js'
import { field, openSheet, sheetForm } from './sheet.js'
import { word } from './words.js'

/** @typedef {import('./state.js').PhoneState} PhoneState */

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

/**
 * @param {string} accept
 * @param {(file: File) => void} done
 */
function filePicker(accept, done) {
  const change = (/** @type {Event} */ event) => {
    const [file] = /** @type {HTMLInputElement} */ (event.currentTarget).files ?? []
    if (file) done(file)
  }
  return h('label', { class: 'file' }, word('fromComputer'), h('input', { type: 'file', accept, onchange: change }))
}

const PLACES = [
  { label: '厦门 鼓浪屿', latitude: '24.447990', longitude: '118.066989' },
  { label: '北京 天安门', latitude: '39.908722', longitude: '116.397499' },
  { label: '上海 外滩', latitude: '31.239703', longitude: '121.490317' },
  { label: '拉萨 布达拉宫', latitude: '29.657840', longitude: '91.117010' },
]

/**
 * A place to send, and where `report` is given, one to report as the follower's position.
 *
 * @param {{ send: (place: any) => void, report?: (position: any) => void }} actions
 */
export function choosePlace({ send, report }) {
  openSheet(word('location'), close => {
    const first = PLACES[0]
    const fields = [
      field(word('place'), 'label', first?.label ?? ''),
      field(word('latitude'), 'latitude', first?.latitude ?? '', {
        inputmode: 'decimal',
        pattern: '-?[0-9]{1,2}([.][0-9]{1,8})?',
        required: true,
      }),
      field(word('longitude'), 'longitude', first?.longitude ?? '', {
        inputmode: 'decimal',
        pattern: '-?[0-9]{1,3}([.][0-9]{1,8})?',
        required: true,
      }),
    ]
    const form = sheetForm([h('div', { class: 'weui-cells' }, ...fields)], word('sendLocation'), values => {
      close()
      send(values)
    })
    /** @param {Record<string, string>} place */
    const fill = place => {
      for (const [name, value] of Object.entries(place)) {
        const input = form.elements.namedItem(name)
        if (input instanceof HTMLInputElement) input.value = value
      }
    }
    const chips = PLACES.map(place =>
      h('button', { type: 'button', class: 'chip', lang: 'zh-CN', onclick: () => fill(place) }, place.label),
    )
    const tell = () => {
      close()
      report?.(Object.fromEntries(new FormData(form)))
    }
    const reportButton =
      report && h('button', { type: 'button', class: 'secondary', onclick: tell }, word('reportLocation'))
    return [h('div', { class: 'chips' }, ...chips), form, reportButton]
  })
}

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
