import type { EndpointTable } from '../endpoint.ts'

const article = { msg_data_id: 'id', 'index?': 'integer' } as const
const one = { ...article, user_comment_id: 'id' } as const

/** "Comments" below articles that were sent or published; index is which article of a bundle, from 0. */
export const comment = {
  open: { call: 'POST /cgi-bin/comment/open', accounts: 'verified', params: article },
  close: { call: 'POST /cgi-bin/comment/close', accounts: 'verified', params: article },
  // type 0 all, 1 normal, 2 elected
  list: {
    call: 'POST /cgi-bin/comment/list',
    accounts: 'verified',
    repeatable: true,
    params: { ...article, begin: 'integer', count: 'integer 1..49', type: 'integer 0..2' },
    result: {
      total: 'integer',
      comment: [
        {
          user_comment_id: 'id',
          openid: 'string',
          create_time: 'integer',
          content: 'string',
          comment_type: 'integer',
          'reply?': { content: 'string', create_time: 'integer' },
        },
      ],
    },
  },
  elect: { call: 'POST /cgi-bin/comment/markelect', accounts: 'verified', params: one },
  unelect: { call: 'POST /cgi-bin/comment/unmarkelect', accounts: 'verified', params: one },
  delete: { call: 'POST /cgi-bin/comment/delete', accounts: 'verified', params: one },
  reply: {
    call: 'POST /cgi-bin/comment/reply/add',
    accounts: 'verified',
    params: { ...one, content: 'string' },
  },
  deleteReply: { call: 'POST /cgi-bin/comment/reply/delete', accounts: 'verified', params: one },
} as const satisfies EndpointTable
