import type { ElementValue } from '../pushed-message.ts'
import { PhoneError } from './answer.ts'
import type { ComposedMessage } from './sent.ts'
import type { MenuButton } from './state.ts'

/** What the follower gave when the button asked for it. */
export interface TapGiven {
  readonly code?: { readonly type: string; readonly result: string }
  readonly pictures?: readonly { readonly mediaId: string; readonly md5: string }[]
  readonly place?: { readonly latitude: string; readonly longitude: string; readonly label: string }
}

/**
 * The button that was tapped.
 *
 * @param path the number of the button, and that of the one above it
 * @throws {PhoneError} when there is none
 */
export function buttonAt(menu: readonly MenuButton[], path: readonly number[]): MenuButton {
  const [first = -1, second] = path
  const button = second === undefined ? menu[first] : menu[first]?.sub_button?.[second]
  if (button) return button
  throw new PhoneError({ en: 'the menu has no such button any more', zh: '菜单中已没有这个按钮' })
}

/**
 * The event that a tap pushes ("Custom menu event push"); undefined for those buttons whose material WeChat sends by itself.
 */
export function tapEvent(openid: string, button: MenuButton, given: TapGiven): ComposedMessage | undefined {
  const { type = '', key = '', url = '', pagepath = '' } = button
  const event = (name: string, eventKey: string, fields: ComposedMessage['fields'] = {}) => ({
    kind: `event:${name}`,
    openid,
    values: [eventKey],
    fields,
  })
  switch (type) {
    case 'click':
      return event('CLICK', key)
    case 'view':
      return event('VIEW', url)
    case 'miniprogram':
      return event('view_miniprogram', pagepath)
    case 'scancode_push':
    case 'scancode_waitmsg':
      return event(type, key, { ScanCodeInfo: scanned(given) })
    case 'pic_sysphoto':
    case 'pic_photo_or_album':
    case 'pic_weixin':
      return event(type, key, { SendPicsInfo: pictures(given) })
    case 'location_select':
      return event(type, key, { SendLocationInfo: place(given) })
    default:
      return undefined
  }
}

function scanned({ code }: TapGiven): ElementValue {
  return { ScanType: code?.type ?? 'qrcode', ScanResult: code?.result ?? '' }
}

function pictures({ pictures: chosen = [] }: TapGiven): ElementValue {
  const item = chosen.map(({ md5 }) => ({ PicMd5Sum: md5 }))
  return { Count: String(chosen.length), PicList: { item } }
}

function place({ place: chosen }: TapGiven): ElementValue {
  return {
    Location_X: chosen?.latitude ?? '',
    Location_Y: chosen?.longitude ?? '',
    Scale: '15',
    Label: chosen?.label ?? '',
    Poiname: '',
  }
}
