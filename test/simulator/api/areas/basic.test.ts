import t from 'tap'
import { ACCOUNT } from '../../sample.ts'
import { fakeApi } from '../fake.ts'

t.test('quotas, addresses and the network check', async t => {
  const { asked, sent, post } = await fakeApi(t)
  await asked('/cgi-bin/menu/get')
  const quota = () => sent('/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/menu/get' })
  t.match(await quota(), { quota: { daily_limit: 10_000, used: 1, remain: 9999 } })
  await sent('/cgi-bin/openapi/quota/clear', { cgi_path: '/cgi-bin/menu/get' })
  t.match(await quota(), { quota: { used: 0 } })
  t.match(await sent('/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/x' }), { errcode: 76021 })
  t.match(await sent('/cgi-bin/clear_quota', { appid: ACCOUNT.appId }), { errcode: 0 })
  t.match(await sent('/cgi-bin/clear_quota', { appid: 'wx' }), { errcode: 40013 })
  t.match(await post('/cgi-bin/clear_quota/v2', { appid: ACCOUNT.appId, appsecret: 'x' }), { errcode: 40125 })
  t.strictSame(await asked('/cgi-bin/getcallbackip'), { ip_list: ['127.0.0.1'] })
  const check = (action: string, check_operator: string) => sent('/cgi-bin/callback/check', { action, check_operator })
  t.match(await check('all', 'DEFAULT'), { dns: [{ ip: '127.0.0.1' }], ping: [{ package_loss: '0%' }] })
  t.strictSame(Object.keys(await check('dns', 'CHINANET')), ['dns'])
  t.match(await check('x', 'DEFAULT'), { errcode: 40202 })
  t.match(await check('dns', 'x'), { errcode: 40203 })
})
