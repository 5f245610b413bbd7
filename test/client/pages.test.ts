import t from 'tap'
import { ArgumentError } from '../../src/client/argument-error.ts'
import { authorizeUrl, createState, qrcodeUrl, subscribeUrl } from '../../src/client/pages.ts'
import { clientOf, platform } from './platform.ts'

const page = {
  appId: 'wx0123456789abcdef',
  redirectUri: 'https://fans.example.org/back?a=1&b=木',
  scope: 'snsapi_base',
  state: 'S7x',
} as const

t.test('the authorise page has its parameters in the documented order', async t => {
  t.equal(
    authorizeUrl(page),
    'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx0123456789abcdef&redirect_uri=https%3A%2F%2Ffans.example.org%2Fback%3Fa%3D1%26b%3D%E6%9C%A8&response_type=code&scope=snsapi_base&state=S7x#wechat_redirect',
  )
  t.match(
    authorizeUrl({ ...page, scope: 'snsapi_userinfo', forcePopup: true, forceSnapShot: true }),
    '&response_type=code&scope=snsapi_userinfo&state=S7x&forcePopup=true&forceSnapShot=true#wechat_redirect',
  )
})

t.test('a state that WeChat would not bring back is refused', async t => {
  for (const state of ['', 'a b', 'a-b', '木', 'x'.repeat(129)]) {
    t.throws(() => authorizeUrl({ ...page, state }), ArgumentError)
  }
  t.match(authorizeUrl({ ...page, state: 'x'.repeat(128) }), 'x'.repeat(128))
  for (const redirectUri of ['', 'fans.example.org', 'javascript:alert(1)', 'https://']) {
    t.throws(() => authorizeUrl({ ...page, redirectUri }), ArgumentError)
  }
})

t.test('a state of ours is permitted, and another one each time', async t => {
  const state = createState()
  t.match(state, /^[0-9a-f]{32}$/)
  t.not(createState(), state)
  t.match(authorizeUrl({ ...page, state }), `state=${state}#`)
})

t.test('a visitor is logged in: code, token, name, another token', async t => {
  const login =
    '{"access_token":"A","expires_in":7200,"refresh_token":"R","openid":"o1","scope":"snsapi_userinfo","is_snapshotuser":1}'
  const person = '{"openid":"o1","nickname":"木\u0001棉","headimgurl":"https://thirdwx.qlogo.cn/x","privilege":[]}'
  const { url, received } = await platform(t, login, person, login, '{"errcode":0,"errmsg":"ok"}')
  const { oauth } = clientOf(t, url)
  const { access_token, openid, refresh_token, is_snapshotuser } = await oauth.accessToken({ code: 'C' })
  t.equal(is_snapshotuser, 1)
  t.equal((await oauth.userInfo({ access_token, openid, lang: 'zh_CN' })).nickname, '木\u0001棉')
  t.equal((await oauth.refreshToken({ refresh_token })).access_token, 'A')
  t.equal(await oauth.check({ access_token, openid }), undefined)
  t.strictSame(
    received.map(({ method, path, query }) => [method, path, query]),
    [
      [
        'GET',
        '/sns/oauth2/access_token',
        { appid: 'wx0123456789abcdef', secret: 'SECRET-0123456789abcdef', code: 'C', grant_type: 'authorization_code' },
      ],
      ['GET', '/sns/userinfo', { access_token: 'A', openid: 'o1', lang: 'zh_CN' }],
      [
        'GET',
        '/sns/oauth2/refresh_token',
        { appid: 'wx0123456789abcdef', grant_type: 'refresh_token', refresh_token: 'R' },
      ],
      ['GET', '/sns/auth', { access_token: 'A', openid: 'o1' }],
    ],
  )
})

t.test('the page of a one-time subscription, and the picture of a QR code', async t => {
  const options = {
    appId: 'wx0123456789abcdef',
    scene: 1000,
    templateId: 't_-1',
    redirectUrl: 'https://x.example/?a=1',
  }
  t.equal(
    subscribeUrl({ ...options, reserved: 'r1' }),
    'https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&appid=wx0123456789abcdef&scene=1000&template_id=t_-1&redirect_url=https%3A%2F%2Fx.example%2F%3Fa%3D1&reserved=r1#wechat_redirect',
  )
  t.notMatch(subscribeUrl(options), 'reserved')
  for (const scene of [0, 10_000]) t.match(subscribeUrl({ ...options, scene }), `&scene=${scene}&`)
  t.throws(() => subscribeUrl({ ...options, scene: -1 }), ArgumentError)
  t.throws(() => subscribeUrl({ ...options, scene: 10_001 }), ArgumentError)
  t.throws(() => subscribeUrl({ ...options, scene: 0.5 }), ArgumentError)
  t.throws(() => subscribeUrl({ ...options, reserved: 'a&b' }), ArgumentError)
  t.equal(qrcodeUrl('gQH4/+=='), 'https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQH4%2F%2B%3D%3D')
})
