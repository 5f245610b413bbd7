import t from 'tap'
import { ACCOUNT, FAN } from '../../sample.ts'
import { fakeApi } from '../fake.ts'

t.test('web login: consent, a code that works once, and what it opens', async t => {
  const { api, call, get, time } = await fakeApi(t)
  api.noteAction({ openid: FAN, kind: 'text' })
  const authorize = (change: Record<string, string> = {}) =>
    `/connect/oauth2/authorize?${new URLSearchParams({
      appid: ACCOUNT.appId,
      redirect_uri: 'https://fans.example.org/back?a=1',
      response_type: 'code',
      scope: 'snsapi_userinfo',
      state: 'S1',
      ...change,
    })}`
  const { text: page } = await call(authorize({ redirect_uri: 'https://a.example/"><script>' }))
  t.match(page, `<option>${FAN}</option>`)
  t.match(page, 'name="state" value="S1"')
  t.notMatch(page, '<script>')

  const codeFor = async (target: string) => {
    const { response } = await call(target)
    t.equal(response.status, 302)
    const location = new URL(response.headers.get('location') ?? '')
    t.match(location.href, /^https:\/\/fans\.example\.org\/back\?a=1&code=[\w-]{32}&state=S1$/)
    return location.searchParams.get('code') ?? ''
  }
  const agreed = authorize({ visitor: FAN }).replace('authorize', 'agreed')
  const exchange = (code: string, change = {}) =>
    get('/sns/oauth2/access_token', {
      appid: ACCOUNT.appId,
      secret: ACCOUNT.appSecret,
      grant_type: 'authorization_code',
      code,
      ...change,
    })
  const code = await codeFor(agreed)
  t.match(await exchange(code, { secret: 'x' }), { errcode: 40125 })
  const login = await exchange(code)
  t.match(login, { expires_in: 7200, openid: FAN, scope: 'snsapi_userinfo' })
  t.match(await exchange(code), { errcode: 40163 })
  t.match(await exchange('other'), { errcode: 40029 })
  t.match(await exchange(''), { errcode: 41008 })
  const late = await codeFor(agreed)
  time.now += 300_000
  t.match(await exchange(late), { errcode: 42003 })

  const visitor = { access_token: login.access_token, openid: FAN }
  t.match(await get('/sns/userinfo', visitor), { openid: FAN, nickname: FAN, privilege: [] })
  t.match(await get('/sns/auth', visitor), { errcode: 0 })
  t.match(await get('/sns/auth', { ...visitor, openid: 'oOther' }), { errcode: 40003 })
  time.now += 7_200_000
  t.match(await get('/sns/auth', visitor), { errcode: 42001 })
  const refresh = (refresh_token: string) =>
    get('/sns/oauth2/refresh_token', { appid: ACCOUNT.appId, grant_type: 'refresh_token', refresh_token })
  const again = await refresh(login.refresh_token)
  t.match(again, { refresh_token: login.refresh_token, openid: FAN })
  t.match(await get('/sns/auth', { access_token: again.access_token, openid: FAN }), { errcode: 0 })
  t.match(await refresh('x'), { errcode: 40030 })
  time.now += 30 * 86_400_000
  t.match(await refresh(login.refresh_token), { errcode: 42002 })

  const base = await exchange(await codeFor(authorize({ scope: 'snsapi_base', visitor: FAN })))
  t.match(await get('/sns/userinfo', { access_token: base.access_token, openid: FAN }), { errcode: 48001 })
  for (const [change, number] of [
    [{ appid: 'wx' }, 10013],
    [{ redirect_uri: 'javascript:alert(1)' }, 10003],
    [{ scope: 'all' }, 10005],
    [{ state: 'a b' }, 10004],
  ] as const) {
    t.match((await call(authorize(change))).text, `Code ${number}`)
  }
})
