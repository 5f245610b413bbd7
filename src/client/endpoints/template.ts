import type { EndpointTable } from '../endpoint.ts'

const miniprogram = { appid: 'string', 'pagepath?': 'string' } as const

/** "Template messages", and the message of a one-time subscription. */
export const template = {
  // Once a month.
  setIndustry: {
    call: 'POST /cgi-bin/template/api_set_industry',
    accounts: 'verified service',
    params: { industry_id1: 'string', industry_id2: 'string' },
  },
  getIndustry: {
    call: 'GET /cgi-bin/template/get_industry',
    accounts: 'verified service',
    result: {
      primary_industry: { first_class: 'string', second_class: 'string' },
      secondary_industry: { first_class: 'string', second_class: 'string' },
    },
  },
  // At most 25 templates.
  add: {
    call: 'POST /cgi-bin/template/api_add_template',
    accounts: 'verified service',
    params: { template_id_short: 'string', 'keyword_name_list?': ['string'] },
    result: { template_id: 'string' },
  },
  list: {
    call: 'GET /cgi-bin/template/get_all_private_template',
    accounts: 'verified service',
    result: {
      template_list: [
        {
          template_id: 'string',
          title: 'string',
          primary_industry: 'string',
          deputy_industry: 'string',
          content: 'string',
          example: 'string',
        },
      ],
    },
  },
  delete: {
    call: 'POST /cgi-bin/template/del_private_template',
    accounts: 'verified service',
    params: { template_id: 'string' },
  },
  // The same client_msg_id to the same follower is not sent again for ten minutes. A mini program is preferred to a url.
  send: {
    call: 'POST /cgi-bin/message/template/send',
    accounts: 'verified service',
    perDay: 100_000,
    params: {
      touser: 'string',
      template_id: 'string',
      'url?': 'string',
      'miniprogram?': miniprogram,
      'client_msg_id?': 'string',
      data: { '*': { value: 'string', 'color?': 'string' } },
    },
    result: { msgid: 'id' },
  },
  // After the follower has agreed on the page of `subscribeUrl`.
  sendOnce: {
    call: 'POST /cgi-bin/message/template/subscribe',
    accounts: 'verified',
    params: {
      touser: 'string',
      template_id: 'string',
      'url?': 'string',
      'miniprogram?': miniprogram,
      scene: 'string',
      title: 'string <= 15 characters',
      data: { content: { value: 'string <= 200 characters', 'color?': 'string' } },
    },
  },
} as const satisfies EndpointTable
