import t from 'tap'
import { ApiError } from '../../src/client/api-error.ts'
import { explain } from '../../src/client/error-codes.ts'
import { clientOf, platform, rejection } from './platform.ts'

/** Every code of WeChat's "return codes" that is worth explaining, with the class of who has to act. */
const codes: Readonly<Record<string, string>> = {
  B: '-1 42010 45011 61450 61503',
  T: '40001 40014 42001 42007',
  Q: '43100 45009 45010 45018 45026 45028 45056 48006 101003',
  P: [
    '40028 40152 40164 40243 43104 45064 48001 48003 48004 48005 48008 48021 48022 50001 50004 50007 53500 53501 53502',
    '53504 61003 61004 61005 61006 61007 61023 61024 65306 65309 87014 88000 89501 89503 89504 89505 89506 89507',
    '200011 200013',
  ].join(' '),
  U: [
    '43004 43005 43019 43101 43107 43108 45015 45047 45080 45081 48002 50002 50005 61458 61459 65402 65413 65414',
    '65415',
  ].join(' '),
  D: [
    '40002 40003 40004 40005 40006 40007 40008 40009 40010 40011 40012 40013 40015 40016 40017 40018 40019 40020 40021',
    '40022 40023 40024 40025 40026 40027 40029 40030 40031 40032 40033 40035 40036 40037 40038 40039 40048 40050 40051',
    '40053 40054 40055 40059 40060 40066 40097 40102 40113 40117 40118 40119 40120 40121 40125 40130 40132 40137 40155',
    '40163 40166 40200 40202 40203 40227 41001 41002 41003 41004 41005 41006 41007 41008 41009 41030 42002 42003 43001',
    '43002 43003 44001 44002 44003 44004 45001 45002 45003 45004 45005 45006 45007 45008 45016 45017 45027 45057 45058',
    '45059 45065 45066 45067 45072 45083 45084 45157 45158 45159 45162 45166 46001 46002 46003 46004 47001 47003 53503 53505',
    '53600 61451 61452 61453 61454 61455 61456 61457 61500 61501 63001 63002 65301 65302 65303 65304 65305 65307 65308',
    '65310 65311 65312 65313 65314 65316 65317 65320 65400 65401 65403 65404 65405 65406 65407 65408 65409 65410 65411 65412',
    '65416 65417 76001 76002 76003 76004 76021 76022 87009 88001 88002 88003 88004 88005 88007 88008 88010 9001001',
    '9001036 9410010 9410011 9410012 101000 101001 101002 200012 200014 200020 200021',
  ].join(' '),
}

t.test('every code that is worth explaining is explained in both languages, with what to do', async t => {
  for (const [errorClass, list] of Object.entries(codes)) {
    for (const code of list.split(' ')) {
      const explained = explain(Number(code))
      t.equal(explained.errorClass, errorClass, code)
      t.notMatch(explained.meaning.en, /not documented/, code)
      t.match(explained.meaning.en, /^[\x20-\x7e]+$/)
      t.match(explained.meaning.zh, /[\u4e00-\u9fff]/)
      t.match(explained.remedy.en, /^[a-z]/)
      t.match(explained.remedy.zh, /[\u4e00-\u9fff]/)
    }
  }
})

t.test('codes between explained ones mean what their range means', async t => {
  t.equal(explain(65318).meaning.en, 'the conditional menu is not valid')
  t.equal(explain(88006).meaning.en, 'the comment cannot be worked on')
  t.equal(explain(9001017).meaning.en, 'the call belongs to the beacons, which are retired')
  t.equal(explain(200022).meaning.en, 'the template of the notice is not valid')
  t.equal(explain(9001037).meaning.en, 'this code is not documented')
})

t.test('a refusal carries all that WeChat said, what it means and what to do', async t => {
  const errmsg = 'invalid button name size rid: 65a1b2c3-1d2e3f40-5a6b7c8d'
  const { url } = await platform(t, JSON.stringify({ errcode: 40018, errmsg }))
  const button = [{ name: 'a', type: 'click', key: 'k' }] as const
  const error = await rejection(clientOf(t, url).menu.create({ button }))
  t.ok(error instanceof ApiError)
  t.match(error, {
    name: 'ApiError',
    errcode: 40018,
    errmsg,
    rid: '65a1b2c3-1d2e3f40-5a6b7c8d',
    endpoint: 'POST /cgi-bin/menu/create',
    errorClass: 'D',
    meaning: { en: 'the name of a button is longer than 16 bytes', zh: '按钮名称超过 16 字节' },
    remedy: { en: 'shorten it', zh: '请缩短' },
    message: `POST /cgi-bin/menu/create: 40018 the name of a button is longer than 16 bytes; shorten it (${errmsg})`,
    zh: `POST /cgi-bin/menu/create：40018 按钮名称超过 16 字节；请缩短（${errmsg}）`,
  })
})

t.test('a refusal without a rid, or with a code that is new, is still one', async t => {
  const { url } = await platform(t, '{"errcode":987654}')
  const error = await rejection(clientOf(t, url).user.list())
  t.match(error, { errcode: 987654, errmsg: '', rid: undefined })
  t.match(error.message, /987654 this code is not documented/)
})

t.test('40164 names the address to enter, and where', async t => {
  const addresses = {
    'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2-3': 'enter 203.0.113.7 in',
    'invalid ip 203.0.113.7, not in whitelist': 'enter 203.0.113.7 in',
    'invalid ip 203.0.113.7 ipv6 2001:db8::7, not in whitelist': 'enter 203.0.113.7, 2001:db8::7 in',
    'invalid ip 2001:db8::7, not in whitelist': 'enter 2001:db8::7 in',
    'not in whitelist': 'enter the address of this machine in',
  }
  for (const [errmsg, expected] of Object.entries(addresses)) {
    const { url } = await platform(t, JSON.stringify({ errcode: 40164, errmsg }))
    const error = await rejection(clientOf(t, url).basic.stableToken())
    t.ok(error instanceof ApiError)
    if (error instanceof ApiError) t.match(error.remedy.en, expected)
  }
  const { remedy } = new ApiError(
    { errcode: 40164, errmsg: 'invalid ip 203.0.113.7, not in whitelist' },
    { endpoint: 'POST /cgi-bin/stable_token' },
  )
  t.match(remedy.en, /API IP whitelist \(developers\.weixin\.qq\.com\/platform/)
  t.match(remedy.zh, /203\.0\.113\.7 填入 API IP 白名单（微信开发者平台/)
})

t.test('48001 says which kinds of account may', async t => {
  const { url } = await platform(t, '{"errcode":48001,"errmsg":"api unauthorized"}')
  const client = clientOf(t, url)
  const visitor = { access_token: 'a', openid: 'o' }
  const cases = [
    [() => client.menu.get(), 'verified accounts', '已认证的公众号和服务号'],
    [() => client.template.list(), 'verified service accounts', '已认证的服务号'],
    [() => client.oauth.check(visitor), 'verified accounts of government and media', '政府、媒体'],
    [() => client.request('/cgi-bin/menu/get'), 'verified accounts', '已认证的公众号和服务号'],
    [() => client.request('/cgi-bin/new/call'), 'passive replies', '被动回复'],
    [() => client.draft.count(), 'every kind of official account may have this call: see in', '对所有类型的公众号开放'],
  ] as const
  for (const [call, en, zh] of cases) {
    const error = await rejection(call())
    t.ok(error instanceof ApiError)
    if (!(error instanceof ApiError)) continue
    t.match(error.remedy.en, en)
    t.match(error.remedy.zh, zh)
  }
})

t.test('45009 says how many calls a day there are, where that is known', async t => {
  const { url } = await platform(t, '{"errcode":45009,"errmsg":"reach max api daily quota limit"}')
  const known = await rejection(clientOf(t, url).menu.get())
  t.match(known.message, /a new account has 10,000 a day/)
  const unknown = await rejection(clientOf(t, url).comment.list({ msg_data_id: '1', begin: 0, count: 1, type: 0 }))
  t.match(unknown.message, /wait for midnight in Beijing, or call basic\.clearQuota/)
})

t.test('a token that the client did not bring is not said to have been renewed', async t => {
  const { url } = await platform(t, '{"errcode":40001,"errmsg":"invalid credential"}')
  const client = clientOf(t, url)
  t.match((await rejection(client.basic.token())).message, /compare the AppSecret with the console/)
  t.match((await rejection(client.user.list())).message, /a new token was fetched and the call repeated once/)
})
