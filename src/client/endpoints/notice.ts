import type { EndpointTable } from '../endpoint.ts'

/** "Subscription notices" (订阅通知). */
export const notice = {
  send: {
    call: 'POST /cgi-bin/message/subscribe/bizsend',
    accounts: 'verified service',
    params: {
      touser: 'string',
      template_id: 'string',
      'page?': 'string',
      'miniprogram?': { appid: 'string', 'pagepath?': 'string' },
      data: { '*': { value: 'string' } },
    },
  },
  addTemplate: {
    call: 'POST /wxaapi/newtmpl/addtemplate',
    accounts: 'verified service',
    params: { tid: 'string', kidList: ['integer', '2..5'], sceneDesc: 'string <= 15 characters' },
    result: { priTmplId: 'string' },
  },
  listTemplates: {
    call: 'GET /wxaapi/newtmpl/gettemplate',
    accounts: 'verified service',
    result: {
      data: [{ priTmplId: 'string', title: 'string', content: 'string', example: 'string', type: 'integer' }],
    },
  },
  deleteTemplate: {
    call: 'POST /wxaapi/newtmpl/deltemplate',
    accounts: 'verified service',
    params: { priTmplId: 'string' },
  },
  listCategories: {
    call: 'GET /wxaapi/newtmpl/getcategory',
    accounts: 'verified service',
    result: { data: [{ id: 'integer', name: 'string' }] },
  },
  // ids: of categories, with commas between them.
  listPublicTitles: {
    call: 'GET /wxaapi/newtmpl/getpubtemplatetitles',
    accounts: 'verified service',
    params: { ids: 'string', start: 'integer', limit: 'integer 0..30' },
    result: { count: 'integer', data: [{ tid: 'integer', title: 'string', type: 'integer', categoryId: 'string' }] },
  },
  listPublicKeywords: {
    call: 'GET /wxaapi/newtmpl/getpubtemplatekeywords',
    accounts: 'verified service',
    params: { tid: 'string' },
    result: { data: [{ kid: 'integer', name: 'string', example: 'string', rule: 'string' }] },
  },
} as const satisfies EndpointTable
