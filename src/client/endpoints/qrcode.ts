import type { EndpointTable } from '../endpoint.ts'

const sceneId = { action_info: { scene: { scene_id: 'integer 1..4294967295' } } } as const
const sceneText = { action_info: { scene: { scene_str: 'string 1..64 characters' } } } as const
const seconds = { 'expire_seconds?': 'integer 1..2592000' } as const

const rule = { prefix: 'string' } as const

/** "QR codes with parameters", short keys, and the rules that open a mini program instead. */
export const qrcode = {
  // Without expire_seconds a temporary code lives 60 seconds; there are 100 000 permanent ones in all.
  create: {
    call: 'POST /cgi-bin/qrcode/create',
    accounts: 'verified service',
    perDay: 100_000,
    params: {
      'action_name|': {
        QR_SCENE: { ...seconds, ...sceneId },
        QR_STR_SCENE: { ...seconds, ...sceneText },
        QR_LIMIT_SCENE: { action_info: { scene: { scene_id: 'integer 1..100000' } } },
        QR_LIMIT_STR_SCENE: sceneText,
      },
    },
    result: { ticket: 'string', 'expire_seconds?': 'integer', url: 'string' },
  },
  // A jpg. For a page, `qrcodeUrl` gives the address.
  show: {
    call: 'GET /cgi-bin/showqrcode',
    site: 'https://mp.weixin.qq.com',
    accounts: 'any',
    token: false,
    download: true,
    params: { ticket: 'string' },
  },
  shorten: {
    call: 'POST /cgi-bin/shorten/gen',
    accounts: 'verified service',
    params: { long_data: 'string <= 4096 bytes', ...seconds },
    result: { short_key: 'string' },
  },
  fetchShortened: {
    call: 'POST /cgi-bin/shorten/fetch',
    accounts: 'verified service',
    repeatable: true,
    params: { short_key: 'string' },
    result: { long_data: 'string', create_time: 'integer', expire_seconds: 'integer' },
  },
  shortUrl: {
    call: 'POST /cgi-bin/shorturl',
    accounts: 'retired',
    params: { action: 'always long2short', long_url: 'string' },
    result: { short_url: 'string' },
  },
  // is_edit 1 changes a rule that is not published yet.
  addJump: {
    call: 'POST /cgi-bin/wxopen/qrcodejumpadd',
    accounts: 'verified service',
    params: { ...rule, appid: 'string', path: 'string', is_edit: 'integer 0..1' },
  },
  // get_type 0: the newest 10 000, 1: those of prefix_list, 2: a page
  getJumps: {
    call: 'POST /cgi-bin/wxopen/qrcodejumpget',
    accounts: 'verified service',
    repeatable: true,
    params: {
      appid: 'string',
      get_type: 'integer 0..2',
      'prefix_list?': ['string', '1..200'],
      'page_num?': 'integer',
      'page_size?': 'integer 1..200',
    },
    result: {
      rule_list: [{ prefix: 'string', path: 'string', state: 'integer' }],
      qrcodejump_open: 'integer',
      list_size: 'integer',
      qrcodejump_pub_quota: 'integer',
      'total_count?': 'integer',
    },
  },
  publishJump: { call: 'POST /cgi-bin/wxopen/qrcodejumppublish', accounts: 'verified service', params: rule },
  deleteJump: {
    call: 'POST /cgi-bin/wxopen/qrcodejumpdelete',
    accounts: 'verified service',
    params: { ...rule, 'appid?': 'string' },
  },
} as const satisfies EndpointTable
