import type { EndpointTable } from '../endpoint.ts'

const visitor = { access_token: 'string', openid: 'string' } as const

const login = {
  // Of this visitor: not the account's own access token.
  access_token: 'string',
  expires_in: 'integer',
  refresh_token: 'string',
  openid: 'string',
  scope: 'string',
  // 1: a virtual visitor, who looks at a snapshot of the page
  'is_snapshotuser?': 'integer',
  'unionid?': 'string',
} as const

/** "Web login": the pages that `authorizeUrl` sends visitors to, and back from. */
export const oauth = {
  // A code works once, for five minutes.
  accessToken: {
    call: 'GET /sns/oauth2/access_token',
    accounts: 'verified service or public body',
    token: false,
    repeatable: false,
    params: {
      appid: 'our AppID',
      secret: 'our AppSecret',
      code: 'string',
      grant_type: 'always authorization_code',
    },
    result: login,
  },
  // A refresh token lives 30 days.
  refreshToken: {
    call: 'GET /sns/oauth2/refresh_token',
    accounts: 'verified service or public body',
    token: false,
    params: { appid: 'our AppID', grant_type: 'always refresh_token', refresh_token: 'string' },
    result: login,
  },
  // Only with the scope snsapi_userinfo.
  userInfo: {
    call: 'GET /sns/userinfo',
    accounts: 'verified service or public body',
    token: false,
    params: { ...visitor, 'lang?': 'one of zh_CN|zh_TW|en' },
    result: {
      openid: 'string',
      nickname: 'string',
      'sex?': 'integer',
      'province?': 'string',
      'city?': 'string',
      'country?': 'string',
      headimgurl: 'string',
      privilege: ['string'],
      'unionid?': 'string',
    },
  },
  // Throws when the token is no longer valid.
  check: {
    call: 'GET /sns/auth',
    accounts: 'verified service or public body',
    token: false,
    params: visitor,
  },
} as const satisfies EndpointTable
