import t from 'tap'
import { ACCOUNT } from '../sample.ts'
import { phoneFor } from './phone.ts'

t.test('customer-service messages and typing appear, the calls are listed, errors come on demand', async t => {
  const { act, listen, api } = await phoneFor(t)
  const { snapshot, until } = await listen()
  const touser = snapshot.followers[0]?.openid
  const { appId, appSecret } = ACCOUNT
  const got = await fetch(`${api.url}/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`)
  const { access_token: token } = (await got.json()) as { access_token: string }
  const call = (path: string, body: object) =>
    fetch(`${api.url}/cgi-bin/message/custom/${path}?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
  await act('send', { openid: touser, type: 'text', content: 'hi' })
  await call('typing', { touser, command: 'Typing' })
  t.strictSame(await until('typing', list => list.length > 0), [touser])
  await call('send', { touser, msgtype: 'text', text: { content: '稍等' } })
  t.strictSame(await until('typing', list => list.length === 0), [])
  t.match(await until('line', ({ custom }) => custom === true), { from: 'account', content: { content: '稍等' } })
  const { path, query } = await until('call', each => each.path.endsWith('/send'))
  t.equal(path, '/cgi-bin/message/custom/send')
  t.notMatch(query, token)
  await act('api-trouble', { trouble: 45009, times: 1 })
  t.strictSame(await until('apiTrouble', value => value !== null), { trouble: 45009, times: 1 })
  const refused = await call('send', { touser, msgtype: 'text', text: { content: 'again' } })
  t.match(await refused.json(), { errcode: 45009 })
  t.equal(await until('apiTrouble', value => value === null), null, 'it was wanted once')
  await act('api-trouble', { trouble: 'stall' })
  t.strictSame(await until('apiTrouble', value => value?.trouble === 'stall'), { trouble: 'stall' })
  await act('api-trouble', {})
  t.equal((await listen()).snapshot.apiTrouble, null)
})

t.test('a template message is shown, and the account is told that it has arrived', async t => {
  const { act, listen, api, behind } = await phoneFor(t)
  const { snapshot, until } = await listen()
  const touser = snapshot.followers[0]?.openid
  const { appId, appSecret } = ACCOUNT
  const got = await fetch(`${api.url}/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`)
  const { access_token: token } = (await got.json()) as { access_token: string }
  const post = async (path: string, body: object) => {
    const response = await fetch(`${api.url}${path}?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return (await response.json()) as { template_id: string; errcode: number }
  }
  await act('send', { openid: touser, type: 'text', content: 'hi' })
  const { template_id } = await post('/cgi-bin/template/api_add_template', { template_id_short: 'TM00015' })
  t.match(await post('/cgi-bin/message/template/send', { touser, template_id, data: {} }), { errcode: 0 })
  t.match(await until('line', ({ custom }) => custom === true), { content: { type: 'template' } })
  await behind.got(2)
  t.match(behind.arrived[1]?.body, /<Event><!\[CDATA\[TEMPLATESENDJOBFINISH\]\]>.*<Status><!\[CDATA\[success\]\]>/)
})
