import type { EndpointTable } from '../endpoint.ts'

const account = { kf_account: 'string', nickname: 'string 1..16 characters' } as const
const session = { kf_account: 'string', openid: 'string' } as const

/** "Customer service management": human agents, their sessions and what was said. */
export const agent = {
  list: {
    call: 'GET /cgi-bin/customservice/getkflist',
    accounts: 'verified',
    result: {
      kf_list: [
        {
          kf_account: 'string',
          kf_id: 'id',
          kf_nick: 'string',
          kf_headimgurl: 'string',
          'kf_wx?': 'string',
          'invite_wx?': 'string',
          'invite_expire_time?': 'integer',
          'invite_status?': 'string',
        },
      ],
    },
  },
  listOnline: {
    call: 'GET /cgi-bin/customservice/getonlinekflist',
    accounts: 'verified',
    result: {
      kf_online_list: [{ kf_account: 'string', status: 'integer', kf_id: 'id', accepted_case: 'integer' }],
    },
  },
  add: { call: 'POST /customservice/kfaccount/add', accounts: 'verified', params: account },
  update: { call: 'POST /customservice/kfaccount/update', accounts: 'verified', params: account },
  delete: {
    call: 'POST /customservice/kfaccount/del?kf_account',
    accounts: 'verified',
    params: { kf_account: 'string' },
  },
  uploadHeadImage: {
    call: 'POST /customservice/kfaccount/uploadheadimg?kf_account',
    accounts: 'verified',
    params: { kf_account: 'string', media: 'file <= 5 MB' },
  },
  invite: {
    call: 'POST /customservice/kfaccount/inviteworker',
    accounts: 'verified',
    params: { kf_account: 'string', invite_wx: 'string' },
  },
  createSession: { call: 'POST /customservice/kfsession/create', accounts: 'verified', params: session },
  closeSession: {
    call: 'POST /customservice/kfsession/close',
    accounts: 'verified',
    params: { ...session, 'text?': 'string' },
  },
  getSession: {
    call: 'GET /customservice/kfsession/getsession',
    accounts: 'verified',
    params: { openid: 'string' },
    result: { createtime: 'integer', kf_account: 'string' },
  },
  listSessions: {
    call: 'GET /customservice/kfsession/getsessionlist',
    accounts: 'verified',
    params: { kf_account: 'string' },
    result: { sessionlist: [{ createtime: 'integer', openid: 'string' }] },
  },
  // The 100 that have waited longest.
  listWaiting: {
    call: 'GET /customservice/kfsession/getwaitcase',
    accounts: 'verified',
    result: { count: 'integer', waitcaselist: [{ latest_time: 'integer', openid: 'string' }] },
  },
  // Seconds since 1970, at most 24 hours apart; msgid 1 to begin with, then the one of the answer.
  listMessages: {
    call: 'POST /customservice/msgrecord/getmsglist',
    accounts: 'verified',
    repeatable: true,
    params: { starttime: 'integer', endtime: 'integer', msgid: 'id', number: 'integer 1..10000' },
    result: {
      // opercode 2002: the agent to the follower, 2003: the follower to the agent
      recordlist: [{ openid: 'string', opercode: 'integer', text: 'string', time: 'integer', worker: 'string' }],
      number: 'integer',
      msgid: 'id',
    },
  },
} as const satisfies EndpointTable
