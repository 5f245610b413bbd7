import type { EndpointTable } from '../endpoint.ts'
import type { Schema } from '../schema.ts'

const key = { key: 'string <= 128 bytes' } as const
const url = { url: 'string <= 1024 bytes' } as const

/** What a button does, by its `type`. */
const actions = {
  click: key,
  view: url,
  miniprogram: { appid: 'string', pagepath: 'string', ...url },
  scancode_push: key,
  scancode_waitmsg: key,
  pic_sysphoto: key,
  pic_photo_or_album: key,
  pic_weixin: key,
  location_select: key,
  media_id: { media_id: 'string' },
  article_id: { article_id: 'string' },
  article_view_limited: { article_id: 'string' },
  view_limited: { media_id: 'string' },
} as const satisfies Readonly<Record<string, Schema>>

const subButton = { name: 'string <= 60 bytes', 'type|': actions } as const satisfies Schema

/** A leaf, or a name above up to five leaves. */
const button = {
  name: 'string <= 16 bytes',
  'type|': { ...actions, '': { sub_button: [subButton, '1..5'] } },
} as const satisfies Schema

const matchRule = {
  'tag_id?': 'string',
  // 1 iOS, 2 Android, 3 other
  'client_platform_type?': 'string',
} as const satisfies Schema

/** A button made on the website has types and fields of its own. */
const websiteButton = {
  name: 'string',
  'type?': 'string',
  'key?': 'string',
  'url?': 'string',
  'value?': 'string',
  'news_info?': 'json',
} as const satisfies Schema

/** "Custom menu". */
export const menu = {
  // Overwrites the whole menu.
  create: {
    call: 'POST /cgi-bin/menu/create',
    accounts: 'verified',
    perDay: 1000,
    params: { button: [button, '1..3'] },
  },
  get: {
    call: 'GET /cgi-bin/menu/get',
    accounts: 'verified',
    perDay: 10_000,
    result: {
      menu: { button: [button], 'menuid?': 'id' },
      'conditionalmenu?': [{ button: [button], matchrule: matchRule, menuid: 'id' }],
    },
  },
  // The default menu and every conditional one.
  delete: {
    call: 'GET /cgi-bin/menu/delete',
    accounts: 'verified',
    perDay: 1000,
    repeatable: false,
  },
  // Also what was made on the website.
  current: {
    call: 'GET /cgi-bin/get_current_selfmenu_info',
    accounts: 'any',
    result: {
      is_menu_open: 'integer',
      selfmenu_info: { button: [{ ...websiteButton, 'sub_button?': { list: [websiteButton] } }] },
    },
  },
  // Needs a default menu; the newest that matches wins; cannot be edited, only deleted.
  addConditional: {
    call: 'POST /cgi-bin/menu/addconditional',
    accounts: 'verified',
    perDay: 2000,
    params: { button: [button, '1..3'], matchrule: matchRule },
    result: { menuid: 'id' },
  },
  deleteConditional: {
    call: 'POST /cgi-bin/menu/delconditional',
    accounts: 'verified',
    perDay: 2000,
    params: { menuid: 'string' },
  },
  // For an OpenID or a WeChat id.
  tryMatch: {
    call: 'POST /cgi-bin/menu/trymatch',
    accounts: 'verified',
    perDay: 20_000,
    repeatable: true,
    params: { user_id: 'string' },
    result: { button: [button] },
  },
} as const satisfies EndpointTable
