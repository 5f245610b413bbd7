import type { EndpointTable } from '../endpoint.ts'

const members = { openid_list: ['string', '1..20'] } as const

/** "Blacklist". */
export const blacklist = {
  // Pages of 10 000.
  list: {
    call: 'POST /cgi-bin/tags/members/getblacklist',
    accounts: 'verified',
    repeatable: true,
    params: { 'begin_openid?': 'string' },
    result: { total: 'integer', count: 'integer', 'data?': { openid: ['string'] }, 'next_openid?': 'string' },
  },
  add: { call: 'POST /cgi-bin/tags/members/batchblacklist', accounts: 'verified', params: members },
  remove: { call: 'POST /cgi-bin/tags/members/batchunblacklist', accounts: 'verified', params: members },
} as const satisfies EndpointTable
