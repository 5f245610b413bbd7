import type { Account, Login } from '../account.ts'
import { consentPage, errorPage } from '../consent-page.ts'
import { refuse } from '../refusal.ts'
import { type JsonObject, OK, type PageAnswer, type Routes } from '../route.ts'
import { checkSecret } from './token.ts'

/** "Web login"; the first two are pages of open.weixin.qq.com in truth. */
export const oauthRoutes: Routes = {
  'GET /connect/oauth2/authorize': {
    token: false,
    answer({ query }, account) {
      const mistake = mistakeIn(query, account)
      if (mistake) return errorPage(mistake)
      const visitor = query.get(VISITOR)
      // Who only shows his OpenID is not asked.
      if (visitor && query.get('scope') === 'snsapi_base') return comeBack(query, visitor, account)
      return consentPage(query, visitor ? [visitor] : account.followers.following.map(({ openid }) => openid))
    },
  },
  'GET /connect/oauth2/agreed': {
    token: false,
    answer({ query }, account) {
      const visitor = query.get(VISITOR)
      const mistake = mistakeIn(query, account)
      return mistake || !visitor ? errorPage(mistake ?? 10003) : comeBack(query, visitor, account)
    },
  },
  'GET /sns/oauth2/access_token': {
    token: false,
    answer({ query }, account) {
      const client = Object.fromEntries(query)
      checkSecret(client, 'secret', account)
      if (query.get('grant_type') !== 'authorization_code') refuse(40002)
      const code = account.logins.codes.get(query.get('code') || refuse(41008)) ?? refuse(40029)
      if (code.used) refuse(40163)
      code.used = true
      return code.ends > account.now() ? login(code, account) : refuse(42003)
    },
  },
  'GET /sns/oauth2/refresh_token': {
    token: false,
    answer({ query }, account) {
      if (query.get('appid') !== account.identity.appId) refuse(40013)
      if (query.get('grant_type') !== 'refresh_token') refuse(40002)
      const token = query.get('refresh_token') || refuse(41003)
      const before = account.logins.refresh.get(token) ?? refuse(40030)
      return before.ends > account.now() ? login(before, account, token) : refuse(42002)
    },
  },
  'GET /sns/userinfo': {
    token: false,
    answer({ query }, account) {
      const { openid, scope } = loggedIn(query, account)
      if (scope !== 'snsapi_userinfo') refuse(48001)
      return {
        openid,
        nickname: openid,
        sex: 0,
        language: '',
        city: '',
        province: '',
        country: '',
        headimgurl: '',
        privilege: [],
      }
    },
  },
  'GET /sns/auth': {
    token: false,
    answer({ query }, account) {
      loggedIn(query, account)
      return OK
    },
  },
}

/** The parameter by which the simulated phone says whose browser it is. */
const VISITOR = 'visitor'
const CODE_LIFE = 300_000
const ACCESS_LIFE = 7_200_000
const REFRESH_LIFE = 30 * 86_400_000

/** The number that WeChat's error page shows. */
function mistakeIn(query: URLSearchParams, { identity }: Account): number | undefined {
  if (query.get('appid') !== identity.appId) return 10013
  const back = query.get('redirect_uri') ?? ''
  if (!/^https?:\/\//.test(back) || !URL.canParse(back)) return 10003
  if (query.get('response_type') !== 'code') return 10005
  if (!['snsapi_base', 'snsapi_userinfo'].includes(query.get('scope') ?? '')) return 10005
  return /^[a-zA-Z0-9]{0,128}$/.test(query.get('state') ?? '') ? undefined : 10004
}

function comeBack(query: URLSearchParams, openid: string, { logins, newId, now }: Account): PageAnswer {
  const code = newId(32)
  const scope = query.get('scope') ?? ''
  logins.codes.set(code, { openid, scope, ends: now() + CODE_LIFE, used: false })
  const back = new URL(query.get('redirect_uri') ?? '')
  back.searchParams.set('code', code)
  back.searchParams.set('state', query.get('state') ?? '')
  return { page: { status: 302, html: '', location: back.href } }
}

function login(
  { openid, scope }: Omit<Login, 'ends'>,
  { logins, newId, now }: Account,
  refresh = newId(86),
): JsonObject {
  const access = newId(86)
  logins.access.set(access, { openid, scope, ends: now() + ACCESS_LIFE })
  if (!logins.refresh.has(refresh)) logins.refresh.set(refresh, { openid, scope, ends: now() + REFRESH_LIFE })
  return { access_token: access, expires_in: ACCESS_LIFE / 1000, refresh_token: refresh, openid, scope }
}

function loggedIn(query: URLSearchParams, { logins, now }: Account): Login {
  const found = logins.access.get(query.get('access_token') || refuse(41001)) ?? refuse(40001)
  if (found.ends <= now()) refuse(42001)
  return found.openid === query.get('openid') ? found : refuse(40003)
}
