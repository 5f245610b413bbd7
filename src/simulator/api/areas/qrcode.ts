import type { QrCode } from '../fake-api.ts'
import { integerOf, objectOf, optionalText, textOf } from '../fields.ts'
import { qrPicture } from '../qr-picture.ts'
import { refuse } from '../refusal.ts'
import type { JsonObject, Routes } from '../route.ts'

/** "QR codes with parameters", their pictures, and short keys. */
export const qrcodeRoutes: Routes = {
  'POST /cgi-bin/qrcode/create': {
    perDay: 100_000,
    answer({ body }, { qrCodes, newId, now }) {
      const name = textOf(body, 'action_name', 40053)
      const scene = sceneOf(name, objectOf(objectOf(body, 'action_info', 40053), 'scene', 40053))
      const seconds = name.startsWith('QR_LIMIT_') ? undefined : secondsIn(body, SHORTEST)
      const code: QrCode = {
        ticket: newId(78),
        scene,
        url: `http://weixin.qq.com/q/${newId(22)}`,
        ...(seconds !== undefined && { expires: now() + seconds * 1000 }),
      }
      qrCodes.set(code.ticket, code)
      const { ticket, url } = code
      return { ticket, ...(seconds !== undefined && { expire_seconds: seconds }), url }
    },
  },
  // On mp.weixin.qq.com in truth.
  'GET /cgi-bin/showqrcode': {
    token: false,
    answer({ query }, { qrCodes, now }) {
      const code = qrCodes.get(query.get('ticket') ?? '')
      if (!code || (code.expires ?? Number.POSITIVE_INFINITY) <= now()) return { page: { status: 404, html: '' } }
      return { file: { contentType: 'image/png', bytes: qrPicture(code.url) } }
    },
  },
  'POST /cgi-bin/shorten/gen': {
    answer({ body }, { shortKeys, newId, now }) {
      const data = textOf(body, 'long_data', 40035)
      if (Buffer.byteLength(data) > 4096) refuse(40035)
      const key = newId(15)
      shortKeys.set(key, { data, created: now(), ends: now() + secondsIn(body, LONGEST) * 1000 })
      return { short_key: key }
    },
  },
  'POST /cgi-bin/shorten/fetch': {
    answer({ body }, { shortKeys, now }) {
      const found = shortKeys.get(optionalText(body, 'short_key'))
      if (!found || found.ends <= now()) refuse(9410010, 'data not exist')
      const { data, created, ends } = found
      const create_time = Math.floor(created / 1000)
      return { long_data: data, create_time, expire_seconds: Math.floor((ends - now()) / 1000) }
    },
  },
}

/** Seconds that a code lives when nothing is said, and at most. */
const SHORTEST = 60
const LONGEST = 2_592_000

function secondsIn(body: JsonObject, fallback: number): number {
  return body['expire_seconds'] === undefined ? fallback : integerOf(body, 'expire_seconds', 1, LONGEST, 40053)
}

function sceneOf(name: string, scene: JsonObject): string {
  switch (name) {
    case 'QR_SCENE':
      return String(integerOf(scene, 'scene_id', 1, 2 ** 32 - 1, 40053))
    case 'QR_LIMIT_SCENE':
      return String(integerOf(scene, 'scene_id', 1, 100_000, 40053))
    case 'QR_STR_SCENE':
    case 'QR_LIMIT_STR_SCENE': {
      const text = textOf(scene, 'scene_str', 40053)
      return [...text].length <= 64 ? text : refuse(40053)
    }
    default:
      return refuse(40053)
  }
}
