import t from 'tap'
import { fakeApi } from '../fake.ts'

t.test('QR codes: the phone knows the scene, and there is a picture until it expires', async t => {
  const { api, call, sent, time } = await fakeApi(t)
  const make = (action_name: string, scene: object, more = {}) =>
    sent('/cgi-bin/qrcode/create', { action_name, action_info: { scene }, ...more })
  const code = await make('QR_STR_SCENE', { scene_str: 'booth-17' }, { expire_seconds: 600 })
  t.match(code, { ticket: /^[\w-]{78}$/, expire_seconds: 600, url: /^http:\/\/weixin\.qq\.com\/q\// })
  t.match(await make('QR_SCENE', { scene_id: 7 }), { expire_seconds: 60 })
  const forEver = await make('QR_LIMIT_SCENE', { scene_id: 100_000 })
  t.equal(forEver.expire_seconds, undefined)
  t.strictSame(
    api.qrCodes.map(({ scene, expires }) => [scene, expires]),
    [
      ['booth-17', 1_893_456_600_000],
      ['7', 1_893_456_060_000],
      ['100000', undefined],
    ],
  )
  const picture = () => call(`/cgi-bin/showqrcode?ticket=${encodeURIComponent(code.ticket)}`)
  const { response, text } = await picture()
  t.equal(response.headers.get('content-type'), 'image/png')
  t.match(text, /^.PNG\r\n/)
  time.now += 600_000
  t.equal((await picture()).response.status, 404)
  t.match(await make('QR_OTHER', { scene_id: 7 }), { errcode: 40053 })
  t.match(await make('QR_LIMIT_SCENE', { scene_id: 100_001 }), { errcode: 40053 })
  t.match(await make('QR_STR_SCENE', { scene_str: 'x'.repeat(65) }), { errcode: 40053 })
  t.match(await make('QR_STR_SCENE', { scene_str: 'x' }, { expire_seconds: 2_592_001 }), { errcode: 40053 })
})

t.test('short keys', async t => {
  const { sent, time } = await fakeApi(t)
  const { short_key } = await sent('/cgi-bin/shorten/gen', { long_data: 'long', expire_seconds: 60 })
  time.now += 10_000
  t.strictSame(await sent('/cgi-bin/shorten/fetch', { short_key }), {
    long_data: 'long',
    create_time: 1893456000,
    expire_seconds: 50,
  })
  time.now += 50_000
  t.match(await sent('/cgi-bin/shorten/fetch', { short_key }), { errcode: 9410010 })
})
