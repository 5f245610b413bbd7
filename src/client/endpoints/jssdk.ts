import type { EndpointTable } from '../endpoint.ts'

/** "JS-SDK". */
export const jssdk = {
  ticket: {
    call: 'GET /cgi-bin/ticket/getticket',
    accounts: 'any',
    perDay: 1_000_000,
    params: { type: 'one of jsapi|wx_card' },
    result: { ticket: 'string', expires_in: 'integer' },
  },
} as const satisfies EndpointTable
