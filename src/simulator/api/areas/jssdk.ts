import { refuse } from '../refusal.ts'
import { OK, type Routes } from '../route.ts'

const LIFE = 7_200_000

/** "JS-SDK". */
export const jssdkRoutes: Routes = {
  'GET /cgi-bin/ticket/getticket': {
    perDay: 1_000_000,
    answer({ query }, { tickets, newId, now }) {
      const type = query.get('type') ?? ''
      if (type !== 'jsapi' && type !== 'wx_card') refuse(40097)
      const kept = tickets.get(type)
      const current = kept && kept.ends > now() ? kept : { value: newId(86), ends: now() + LIFE }
      tickets.set(type, current)
      // WeChat says so of a ticket that is older, too.
      return { ...OK, ticket: current.value, expires_in: LIFE / 1000 }
    },
  },
}
