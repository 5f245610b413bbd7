import type { EndpointTable } from '../endpoint.ts'

const lang = { 'lang?': 'one of zh_CN|zh_TW|en' } as const

/** What is known of a follower. A name and a picture come from web login only. */
const follower = {
  // 0: does not follow, and nothing else is known
  subscribe: 'integer',
  openid: 'string',
  'language?': 'string',
  'subscribe_time?': 'integer',
  'unionid?': 'string',
  'remark?': 'string',
  'groupid?': 'integer',
  'tagid_list?': ['integer'],
  'subscribe_scene?': 'string',
  'qr_scene?': 'integer',
  'qr_scene_str?': 'string',
} as const

/** "Users": followers of the account. */
export const user = {
  info: {
    call: 'GET /cgi-bin/user/info',
    accounts: 'verified',
    perDay: 5_000_000,
    params: { openid: 'string', ...lang },
    result: follower,
  },
  infos: {
    call: 'POST /cgi-bin/user/info/batchget',
    accounts: 'verified',
    repeatable: true,
    params: { user_list: [{ openid: 'string', ...lang }, '1..100'] },
    result: { user_info_list: [follower] },
  },
  // Pages of 10 000; the last has count 0 or an empty next_openid.
  list: {
    call: 'GET /cgi-bin/user/get',
    accounts: 'verified',
    perDay: 500,
    params: { 'next_openid?': 'string' },
    result: { total: 'integer', count: 'integer', 'data?': { openid: ['string'] }, next_openid: 'string' },
  },
  remark: {
    call: 'POST /cgi-bin/user/info/updateremark',
    accounts: 'verified',
    perDay: 10_000,
    params: { openid: 'string', remark: 'string <= 29 characters' },
  },
  // After the account has moved.
  changeOpenId: {
    call: 'POST /cgi-bin/changeopenid',
    accounts: 'verified',
    repeatable: true,
    params: { from_appid: 'string', openid_list: ['string', '1..100'] },
    result: { result_list: [{ ori_openid: 'string', 'new_openid?': 'string', err_msg: 'string' }] },
  },
} as const satisfies EndpointTable
