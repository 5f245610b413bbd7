import t from 'tap'
import { buttonAt, tapEvent } from '../../../src/simulator/phone/menu-tap.ts'

const tap = (button: object, given: object = {}) => tapEvent('oFan', { name: 'x', ...button }, given)

t.test('every kind of button pushes its event', async t => {
  const openid = 'oFan'
  t.strictSame(tap({ type: 'click', key: 'k' }), { kind: 'event:CLICK', openid, values: ['k'], fields: {} })
  t.strictSame(tap({ type: 'view', url: 'https://a.example/?b' }), {
    kind: 'event:VIEW',
    openid,
    values: ['https://a.example/?b'],
    fields: {},
  })
  t.match(tap({ type: 'miniprogram', pagepath: 'pages/a' }), { kind: 'event:view_miniprogram', values: ['pages/a'] })
  t.strictSame(tap({ type: 'scancode_push', key: 'k' }, { code: { type: 'barcode', result: 'CODE_128,1234' } }), {
    kind: 'event:scancode_push',
    openid,
    values: ['k'],
    fields: { ScanCodeInfo: { ScanType: 'barcode', ScanResult: 'CODE_128,1234' } },
  })
  const pictures = [
    { mediaId: 'm1', md5: 'aa' },
    { mediaId: 'm2', md5: 'bb' },
  ]
  t.strictSame(tap({ type: 'pic_weixin', key: 'k' }, { pictures })?.fields, {
    SendPicsInfo: { Count: '2', PicList: { item: [{ PicMd5Sum: 'aa' }, { PicMd5Sum: 'bb' }] } },
  })
  const place = { latitude: '24.4', longitude: '118.1', label: '渡口路' }
  t.strictSame(tap({ type: 'location_select', key: 'k' }, { place })?.fields, {
    SendLocationInfo: { Location_X: '24.4', Location_Y: '118.1', Scale: '15', Label: '渡口路', Poiname: '' },
  })
})

t.test('a button with material pushes nothing', async t => {
  for (const type of ['media_id', 'view_limited', 'article_id', 'article_view_limited']) {
    t.equal(tap({ type, media_id: 'm' }), undefined)
  }
})

t.test('a button is found by its place, and one that has gone is told', async t => {
  const menu = [{ name: 'a' }, { name: 'b', sub_button: [{ name: 'c' }, { name: 'd' }] }]
  t.equal(buttonAt(menu, [0]).name, 'a')
  t.equal(buttonAt(menu, [1, 1]).name, 'd')
  for (const path of [[2], [0, 0], [1, 2], []]) {
    t.throws(() => buttonAt(menu, path), { message: 'the menu has no such button any more' })
  }
})
