/** The types of menu button that have a key, which an event of the same name brings ("Custom menu event push"). */
export const BUTTONS_WITH_KEY: readonly string[] = [
  'click',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
]
