import { h } from './dom.js'
import { field, openSheet, sheetForm } from './sheet.js'
import { word } from './words.js'

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
