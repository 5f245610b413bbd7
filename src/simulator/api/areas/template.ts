import type { Account } from '../account.ts'
import { isObject, objectOf, optionalText, textOf } from '../fields.ts'
import { refuse } from '../refusal.ts'
import { type JsonObject, OK, type Routes } from '../route.ts'

/** "Template messages" and the message of a one-time subscription. */
export const templateRoutes: Routes = {
  'POST /cgi-bin/template/api_set_industry': {
    answer({ body }) {
      for (const name of ['industry_id1', 'industry_id2']) if (!body[name]) refuse(40035)
      return OK
    },
  },
  'GET /cgi-bin/template/get_industry': {
    answer: () => ({
      primary_industry: { first_class: 'IT科技', second_class: '互联网|电子商务' },
      secondary_industry: { first_class: '餐饮', second_class: '餐饮' },
    }),
  },
  'POST /cgi-bin/template/api_add_template': {
    answer({ body }, { templates, newId }) {
      const short = textOf(body, 'template_id_short', 40037)
      if (templates.size >= MOST_TEMPLATES) refuse(45026)
      const names = Array.isArray(body['keyword_name_list']) ? body['keyword_name_list'].map(String) : ['内容']
      const content = names.map((name, index) => `${name}：{{keyword${index + 1}.DATA}}`).join('\n')
      const id = newId(43)
      templates.set(id, { title: `模板 ${short}`, content })
      return { ...OK, template_id: id }
    },
  },
  'GET /cgi-bin/template/get_all_private_template': {
    answer: (_, { templates }) => ({
      template_list: [...templates].map(([template_id, { title, content }]) => ({
        template_id,
        title,
        primary_industry: 'IT科技',
        deputy_industry: '互联网|电子商务',
        content,
        example: content,
      })),
    }),
  },
  'POST /cgi-bin/template/del_private_template': {
    answer: ({ body }, { templates }) => (templates.delete(textOf(body, 'template_id', 40037)) ? OK : refuse(40037)),
  },
  'POST /cgi-bin/message/template/send': {
    perDay: 100_000,
    answer({ body }, account) {
      const openid = textOf(body, 'touser', 40003)
      const title = titleOf(textOf(body, 'template_id', 40037), account)
      const earlier = sentBefore(openid, body, account)
      const msgid = earlier ?? send(openid, title, body, account)
      return { ...OK, msgid }
    },
  },
  'POST /cgi-bin/message/template/subscribe': {
    answer({ body }, account) {
      textOf(body, 'template_id', 40037)
      send(textOf(body, 'touser', 40003), textOf(body, 'title', 40035), body, account)
      return OK
    },
  },
}

const MOST_TEMPLATES = 25
/** Milliseconds during which the same client_msg_id is not sent again. */
const SAME_MESSAGE = 600_000

/** What looks like an id of the console is taken for one: the simulator cannot know the account's own templates. */
function titleOf(id: string, { templates }: Account): string {
  return templates.get(id)?.title ?? (/^[\w-]{43}$/.test(id) ? '模板消息' : refuse(40037))
}

function sentBefore(openid: string, body: JsonObject, { sentTemplates, now }: Account): bigint | undefined {
  const sent = sentTemplates.get(`${openid} ${optionalText(body, 'client_msg_id')}`)
  return sent && sent.at > now() - SAME_MESSAGE ? sent.msgid : undefined
}

function send(openid: string, title: string, body: JsonObject, account: Account): bigint {
  const lines = Object.values(objectOf(body, 'data', 47001)).map(each =>
    isObject(each) ? String(each['value'] ?? '') : '',
  )
  account.followers.subscribed(openid)
  const msgid = account.newNumber()
  const id = optionalText(body, 'client_msg_id')
  if (id !== '') account.sentTemplates.set(`${openid} ${id}`, { msgid, at: account.now() })
  const url = optionalText(body, 'url')
  account.deliver(openid, { type: 'template', msgId: String(msgid), title, lines, ...(url && { url }) })
  return msgid
}
