import { optionalText, textOf } from '../fields.ts'
import { refuse } from '../refusal.ts'
import { OK, type Routes } from '../route.ts'
import { checkSecret } from './token.ts'

/** As long as rids are remembered. */
const RID_LIFE = 7 * 86_400_000
const LOOPBACK = '127.0.0.1'

/** Quotas, addresses and the network check: "openApi management" and "basic interfaces". */
export const basicRoutes: Routes = {
  'POST /cgi-bin/clear_quota': {
    answer({ body }, { identity, quotas }) {
      if (textOf(body, 'appid', 41002) !== identity.appId) refuse(40013)
      quotas.clear()
      return OK
    },
  },
  'POST /cgi-bin/clear_quota/v2': {
    token: false,
    answer({ body }, account) {
      checkSecret(body, 'appsecret', account)
      account.quotas.clear()
      return OK
    },
  },
  'POST /cgi-bin/openapi/quota/get': {
    answer({ body }, { quotas, limits }) {
      const path = textOf(body, 'cgi_path', 76021)
      const daily_limit = limits.get(path) ?? refuse(76021)
      const used = quotas.used(path)
      return { ...OK, quota: { daily_limit, used, remain: daily_limit - used } }
    },
  },
  'POST /cgi-bin/openapi/quota/clear': {
    answer({ body }, { quotas, limits }) {
      const path = textOf(body, 'cgi_path', 76021)
      if (!limits.has(path)) refuse(76021)
      quotas.clear(path)
      return OK
    },
  },
  'POST /cgi-bin/openapi/rid/get': {
    answer({ body }, { calls, now }) {
      const rid = textOf(body, 'rid', 76002)
      if (!/^[\da-f]{8}-[\da-f]{8}-[\da-f]{8}$/.test(rid)) refuse(76002)
      const call = calls.find(({ answer, at }) => answer.includes(`rid: ${rid}`) && at > now() - RID_LIFE)
      if (!call) refuse(76001)
      return {
        ...OK,
        request: {
          invoke_time: Math.floor(call.at / 1000),
          cost_in_ms: Math.round(call.milliseconds),
          request_url: call.query,
          request_body: call.body,
          response_body: call.answer,
          client_ip: LOOPBACK,
        },
      }
    },
  },
  'GET /cgi-bin/get_api_domain_ip': { answer: () => ({ ip_list: [LOOPBACK] }) },
  'GET /cgi-bin/getcallbackip': { answer: () => ({ ip_list: [LOOPBACK] }) },
  'POST /cgi-bin/callback/check': {
    answer({ body }) {
      const action = optionalText(body, 'action')
      if (!['dns', 'ping', 'all'].includes(action)) refuse(40202)
      const operator = optionalText(body, 'check_operator')
      if (!['CHINANET', 'UNICOM', 'CAP', 'DEFAULT'].includes(operator)) refuse(40203)
      const ping = { ip: LOOPBACK, from_operator: operator, package_loss: '0%', time: '0.1ms' }
      return {
        ...(action !== 'ping' && { dns: [{ ip: LOOPBACK, real_operator: operator }] }),
        ...(action !== 'dns' && { ping: [ping] }),
      }
    },
  },
  // A server that is switched on has switched the console's replies off.
  'GET /cgi-bin/get_current_autoreply_info': {
    answer: () => ({ is_add_friend_reply_open: 0, is_autoreply_open: 0 }),
  },
}
