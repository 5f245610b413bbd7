import t from 'tap'
import { FAN } from '../../sample.ts'
import { fakeApi } from '../fake.ts'

t.test('templates: added, listed, sent and deleted', async t => {
  const { api, asked, sent, call, token } = await fakeApi(t)
  const heard: unknown[] = []
  api.onFollowerMessage((_, message) => heard.push(message))
  api.noteAction({ openid: FAN, kind: 'event:subscribe' })
  const { template_id } = await sent('/cgi-bin/template/api_add_template', {
    template_id_short: 'TM00015',
    keyword_name_list: ['订单'],
  })
  t.match(await asked('/cgi-bin/template/get_all_private_template'), {
    template_list: [{ template_id, title: '模板 TM00015', content: '订单：{{keyword1.DATA}}' }],
  })
  const message = {
    touser: FAN,
    template_id,
    url: 'https://a.example/',
    client_msg_id: 'a',
    data: { k: { value: '7' } },
  }
  const body = JSON.stringify(message)
  const { text } = await call(`/cgi-bin/message/template/send?access_token=${token}`, { method: 'POST', body })
  const [, msgid] = /^\{"errcode":0,"errmsg":"ok","msgid":(\d{19})\}$/.exec(text) ?? []
  t.strictSame(heard, [
    { type: 'template', msgId: msgid, title: '模板 TM00015', lines: ['7'], url: 'https://a.example/' },
  ])
  await sent('/cgi-bin/message/template/send', message)
  t.equal(heard.length, 1, 'the same client_msg_id is not sent again')
  await sent('/cgi-bin/message/template/send', { ...message, client_msg_id: 'b' })
  t.equal(heard.length, 2)
  t.match(await sent('/cgi-bin/message/template/send', { ...message, template_id: 'x' }), { errcode: 40037 })
  t.match(await sent('/cgi-bin/message/template/send', { ...message, touser: 'oNobody', client_msg_id: 'c' }), {
    errcode: 40003,
  })
  t.match(await sent('/cgi-bin/template/del_private_template', { template_id }), { errcode: 0 })
  t.match(await asked('/cgi-bin/template/get_all_private_template'), { template_list: [] })
  for (let count = 1; count <= 25; count++) await sent('/cgi-bin/template/api_add_template', { template_id_short: 'T' })
  t.match(await sent('/cgi-bin/template/api_add_template', { template_id_short: 'T' }), { errcode: 45026 })
})
