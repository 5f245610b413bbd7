import t from 'tap'
import type { Endpoint } from '../../src/client/endpoint.ts'
import { endpoints } from '../../src/client/endpoints/index.ts'
import type { Schema } from '../../src/client/schema.ts'
import { clientOf, nobody } from './platform.ts'

/**
 * Every call of WeChat's documentation for official accounts, written down apart from the tables: method, path and who
 * may: A every account, V verified, S verified service accounts, R nobody any more.
 */
const documented = `
GET /cgi-bin/token A
POST /cgi-bin/stable_token A
POST /cgi-bin/clear_quota A
POST /cgi-bin/clear_quota/v2 A
POST /cgi-bin/openapi/quota/get A
POST /cgi-bin/openapi/quota/clear A
POST /cgi-bin/openapi/rid/get A
GET /cgi-bin/get_api_domain_ip A
GET /cgi-bin/getcallbackip A
POST /cgi-bin/callback/check A

POST /cgi-bin/menu/create V
GET /cgi-bin/menu/get V
GET /cgi-bin/menu/delete V
GET /cgi-bin/get_current_selfmenu_info A
POST /cgi-bin/menu/addconditional V
POST /cgi-bin/menu/delconditional V
POST /cgi-bin/menu/trymatch V

POST /cgi-bin/message/custom/send V
POST /cgi-bin/message/custom/typing V

GET /cgi-bin/customservice/getkflist V
GET /cgi-bin/customservice/getonlinekflist V
POST /customservice/kfaccount/add V
POST /customservice/kfaccount/update V
POST /customservice/kfaccount/del V
POST /customservice/kfaccount/uploadheadimg V
POST /customservice/kfaccount/inviteworker V
POST /customservice/kfsession/create V
POST /customservice/kfsession/close V
GET /customservice/kfsession/getsession V
GET /customservice/kfsession/getsessionlist V
GET /customservice/kfsession/getwaitcase V
POST /customservice/msgrecord/getmsglist V

POST /cgi-bin/template/api_set_industry S
GET /cgi-bin/template/get_industry S
POST /cgi-bin/template/api_add_template S
GET /cgi-bin/template/get_all_private_template S
POST /cgi-bin/template/del_private_template S
POST /cgi-bin/message/template/send S
POST /cgi-bin/message/template/subscribe V

POST /cgi-bin/message/subscribe/bizsend S
POST /wxaapi/newtmpl/addtemplate S
GET /wxaapi/newtmpl/gettemplate S
POST /wxaapi/newtmpl/deltemplate S
GET /wxaapi/newtmpl/getcategory S
GET /wxaapi/newtmpl/getpubtemplatetitles S
GET /wxaapi/newtmpl/getpubtemplatekeywords S

POST /cgi-bin/message/mass/sendall V
POST /cgi-bin/message/mass/send S
POST /cgi-bin/message/mass/preview V
POST /cgi-bin/message/mass/delete V
POST /cgi-bin/message/mass/get V
POST /cgi-bin/message/mass/speed/get V
POST /cgi-bin/message/mass/speed/set V
POST /cgi-bin/media/uploadnews V
POST /cgi-bin/media/uploadvideo V

POST /cgi-bin/media/upload A
GET /cgi-bin/media/get A
GET /cgi-bin/media/get/jssdk V
POST /cgi-bin/media/uploadimg A
POST /cgi-bin/material/add_material A
POST /cgi-bin/material/get_material A
POST /cgi-bin/material/del_material A
GET /cgi-bin/material/get_materialcount A
POST /cgi-bin/material/batchget_material A
POST /cgi-bin/material/add_news R
POST /cgi-bin/material/update_news R

POST /cgi-bin/draft/add A
POST /cgi-bin/draft/update A
POST /cgi-bin/draft/get A
POST /cgi-bin/draft/delete A
GET /cgi-bin/draft/count A
POST /cgi-bin/draft/batchget A
POST /cgi-bin/draft/switch R
POST /cgi-bin/freepublish/submit V
POST /cgi-bin/freepublish/get V
POST /cgi-bin/freepublish/delete V
POST /cgi-bin/freepublish/getarticle V
POST /cgi-bin/freepublish/batchget V

POST /cgi-bin/comment/open V
POST /cgi-bin/comment/close V
POST /cgi-bin/comment/list V
POST /cgi-bin/comment/markelect V
POST /cgi-bin/comment/unmarkelect V
POST /cgi-bin/comment/delete V
POST /cgi-bin/comment/reply/add V
POST /cgi-bin/comment/reply/delete V

GET /cgi-bin/user/info V
POST /cgi-bin/user/info/batchget V
GET /cgi-bin/user/get V
POST /cgi-bin/user/info/updateremark V
POST /cgi-bin/changeopenid V
POST /cgi-bin/tags/create V
GET /cgi-bin/tags/get V
POST /cgi-bin/tags/update V
POST /cgi-bin/tags/delete V
POST /cgi-bin/user/tag/get V
POST /cgi-bin/tags/members/batchtagging V
POST /cgi-bin/tags/members/batchuntagging V
POST /cgi-bin/tags/getidlist V
POST /cgi-bin/tags/members/getblacklist V
POST /cgi-bin/tags/members/batchblacklist V
POST /cgi-bin/tags/members/batchunblacklist V

POST /cgi-bin/qrcode/create S
GET /cgi-bin/showqrcode A
POST /cgi-bin/shorten/gen S
POST /cgi-bin/shorten/fetch S
POST /cgi-bin/shorturl R
POST /cgi-bin/wxopen/qrcodejumpadd S
POST /cgi-bin/wxopen/qrcodejumpget S
POST /cgi-bin/wxopen/qrcodejumppublish S
POST /cgi-bin/wxopen/qrcodejumpdelete S

POST /datacube/getusersummary V 7
POST /datacube/getusercumulate V 7
POST /datacube/getarticlesummary V 1
POST /datacube/getarticletotal V 1
POST /datacube/getuserread V 3
POST /datacube/getuserreadhour V 1
POST /datacube/getusershare V 7
POST /datacube/getusersharehour V 1
POST /datacube/getarticleread V 1
POST /datacube/getarticleshare V 1
POST /datacube/getarticletotaldetail V 1
POST /datacube/getbizsummary V 30
POST /datacube/getupstreammsg V 7
POST /datacube/getupstreammsghour V 1
POST /datacube/getupstreammsgweek V 30
POST /datacube/getupstreammsgmonth V 30
POST /datacube/getupstreammsgdist V 15
POST /datacube/getupstreammsgdistweek V 30
POST /datacube/getupstreammsgdistmonth V 30
POST /datacube/getinterfacesummary V 30
POST /datacube/getinterfacesummaryhour V 1
GET /publisher/stat V

GET /cgi-bin/ticket/getticket A
GET /sns/oauth2/access_token S
GET /sns/oauth2/refresh_token S
GET /sns/userinfo S
GET /sns/auth S

POST /cgi-bin/media/voice/addvoicetorecofortext A
POST /cgi-bin/media/voice/queryrecoresultfortext A
POST /cgi-bin/media/voice/translatecontent A
POST /semantic/semproxy/search R
POST /cv/ocr/idcard V
POST /cv/ocr/bankcard V
POST /cv/ocr/drivinglicense V
POST /cv/ocr/driving V
POST /cv/ocr/bizlicense V
POST /cv/ocr/comm V
POST /cv/ocr/platenum V
POST /cv/ocr/menu V
POST /cv/img/qrcode V
POST /cv/img/superresolution V
POST /cv/img/aicrop V

GET /cgi-bin/get_current_autoreply_info A
`

const letters = {
  any: 'A',
  verified: 'V',
  'verified service': 'S',
  'verified service or public body': 'S',
  retired: 'R',
} as const

const all = Object.entries(endpoints).flatMap(([area, table]) =>
  Object.entries(table).map(([name, endpoint]: [string, Endpoint]) => ({ name: `${area}.${name}`, endpoint })),
)

t.test('the tables have every documented call, once, and no other', async t => {
  const ours = all.map(({ endpoint: { call, accounts, maxDays } }) =>
    [call.split('?')[0], letters[accounts], maxDays].filter(part => part !== undefined).join(' '),
  )
  const theirs = documented.split('\n').filter(line => line !== '')
  t.strictSame(ours.sort(), theirs.sort())
})

t.test('every call of the tables is a method of the client', async t => {
  const client = clientOf(t, await nobody())
  for (const { name } of all) {
    const [area = '', method = ''] = name.split('.')
    const areas: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { ...client, request: {}, close: {} }
    t.type(areas[area]?.[method], 'function', name)
  }
})

t.test('the calls that take no access token are these', async t => {
  t.strictSame(
    all.filter(({ endpoint }) => endpoint.token === false).map(({ name }) => name),
    [
      'basic.token',
      'basic.stableToken',
      'basic.clearQuotaBySecret',
      'qrcode.show',
      'oauth.accessToken',
      'oauth.refreshToken',
      'oauth.userInfo',
      'oauth.check',
    ],
  )
})

t.test('the parameters that a table puts in the query are parameters', async t => {
  for (const { name, endpoint } of all) {
    const params = Object.keys(endpoint.params ?? {}).map(key => key.replace(/[?|]$/, ''))
    const inQuery = endpoint.call.split('?')[1]?.split('&') ?? []
    t.strictSame(
      inQuery.filter(key => !params.includes(key)),
      [],
      name,
    )
  }
})

t.test('no GET takes what cannot be written in a query', async t => {
  for (const { name, endpoint } of all) {
    if (!endpoint.call.startsWith('GET ')) continue
    const params: Schema = endpoint.params ?? {}
    t.ok(
      Object.values(params).every(kind => typeof kind === 'string'),
      name,
    )
  }
})

t.test('of the GETs these change something, and of the POSTs these do not', async t => {
  const named = (method: string, repeatable: boolean) =>
    all
      .filter(({ endpoint: { call } }) => call.startsWith(method))
      .filter(({ endpoint }) => endpoint.repeatable === repeatable)
      .map(({ name }) => name.replace(/^(statistics|picture)\..*/, '$1'))
  t.strictSame(named('GET', false), ['basic.token', 'menu.delete', 'oauth.accessToken'])
  t.strictSame(
    [...new Set(named('POST', true))],
    [
      'basic.getQuota',
      'basic.getRid',
      'basic.checkCallback',
      'menu.tryMatch',
      'agent.listMessages',
      'mass.get',
      'mass.getSpeed',
      'material.get',
      'material.list',
      'draft.get',
      'draft.list',
      'publish.get',
      'publish.getArticle',
      'publish.list',
      'comment.list',
      'user.infos',
      'user.changeOpenId',
      'tag.users',
      'tag.ofUser',
      'blacklist.list',
      'qrcode.fetchShortened',
      'qrcode.getJumps',
      'statistics',
      'ai.voiceText',
      'ai.translate',
      'picture',
    ],
  )
})
