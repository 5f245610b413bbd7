import type { EndpointTable } from '../endpoint.ts'

const name = 'string 1..30 characters'
const members = { openid_list: ['string', '1..50'], tagid: 'integer' } as const

/** "Tags": up to 100, of which 0, 1 and 2 are the system's; up to 20 on a follower. */
export const tag = {
  create: {
    call: 'POST /cgi-bin/tags/create',
    accounts: 'verified',
    perDay: 1000,
    params: { tag: { name } },
    result: { tag: { id: 'integer', name: 'string' } },
  },
  list: {
    call: 'GET /cgi-bin/tags/get',
    accounts: 'verified',
    perDay: 1000,
    result: { tags: [{ id: 'integer', name: 'string', count: 'integer' }] },
  },
  update: {
    call: 'POST /cgi-bin/tags/update',
    accounts: 'verified',
    perDay: 1000,
    params: { tag: { id: 'integer', name } },
  },
  // Not one with more than 100 000 members.
  delete: {
    call: 'POST /cgi-bin/tags/delete',
    accounts: 'verified',
    perDay: 1000,
    params: { tag: { id: 'integer' } },
  },
  users: {
    call: 'POST /cgi-bin/user/tag/get',
    accounts: 'verified',
    repeatable: true,
    params: { tagid: 'integer', 'next_openid?': 'string' },
    result: { count: 'integer', 'data?': { openid: ['string'] }, 'next_openid?': 'string' },
  },
  addMembers: {
    call: 'POST /cgi-bin/tags/members/batchtagging',
    accounts: 'verified',
    perDay: 100_000,
    params: members,
  },
  removeMembers: {
    call: 'POST /cgi-bin/tags/members/batchuntagging',
    accounts: 'verified',
    perDay: 100_000,
    params: members,
  },
  ofUser: {
    call: 'POST /cgi-bin/tags/getidlist',
    accounts: 'verified',
    repeatable: true,
    params: { openid: 'string' },
    result: { tagid_list: ['integer'] },
  },
} as const satisfies EndpointTable
