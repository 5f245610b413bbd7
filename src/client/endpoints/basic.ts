import type { EndpointTable } from '../endpoint.ts'

/** Access tokens, quotas, addresses and the network check: "basic interfaces" and "openApi management". */
export const basic = {
  token: {
    call: 'GET /cgi-bin/token',
    accounts: 'any',
    token: false,
    perDay: 2000,
    // Each call makes a new token, and the one before soon fails.
    repeatable: false,
    params: { grant_type: 'always client_credential', appid: 'our AppID', secret: 'our AppSecret' },
    result: { access_token: 'string', expires_in: 'integer' },
  },
  stableToken: {
    call: 'POST /cgi-bin/stable_token',
    accounts: 'any',
    token: false,
    perDay: 500_000,
    params: {
      grant_type: 'always client_credential',
      appid: 'our AppID',
      secret: 'our AppSecret',
      // True ends the current token at once: at most 20 times a day, 30 seconds apart.
      'force_refresh?': 'boolean',
    },
    result: { access_token: 'string', expires_in: 'integer' },
  },
  clearQuota: {
    call: 'POST /cgi-bin/clear_quota',
    accounts: 'any',
    perMonth: 10,
    params: { appid: 'our AppID' },
  },
  clearQuotaBySecret: {
    call: 'POST /cgi-bin/clear_quota/v2',
    accounts: 'any',
    token: false,
    // Together with clear_quota.
    perMonth: 10,
    params: { appid: 'our AppID', appsecret: 'our AppSecret' },
  },
  getQuota: {
    call: 'POST /cgi-bin/openapi/quota/get',
    accounts: 'any',
    repeatable: true,
    // The path alone: /cgi-bin/message/custom/send
    params: { cgi_path: 'string' },
    result: {
      quota: { daily_limit: 'integer', used: 'integer', remain: 'integer' },
      'rate_limit?': { call_count: 'integer', refresh_second: 'integer' },
      'component_rate_limit?': { call_count: 'integer', refresh_second: 'integer' },
    },
  },
  clearApiQuota: {
    call: 'POST /cgi-bin/openapi/quota/clear',
    accounts: 'any',
    perMonth: 50,
    params: { cgi_path: 'string' },
  },
  getRid: {
    call: 'POST /cgi-bin/openapi/rid/get',
    accounts: 'any',
    repeatable: true,
    params: { rid: 'string' },
    result: {
      request: {
        invoke_time: 'integer',
        cost_in_ms: 'integer',
        request_url: 'string',
        request_body: 'string',
        response_body: 'string',
        client_ip: 'string',
      },
    },
  },
  getApiDomainIp: {
    call: 'GET /cgi-bin/get_api_domain_ip',
    accounts: 'any',
    result: { ip_list: ['string'] },
  },
  getCallbackIp: {
    call: 'GET /cgi-bin/getcallbackip',
    accounts: 'any',
    result: { ip_list: ['string'] },
  },
  checkCallback: {
    call: 'POST /cgi-bin/callback/check',
    accounts: 'any',
    repeatable: true,
    params: { action: 'one of dns|ping|all', check_operator: 'one of CHINANET|UNICOM|CAP|DEFAULT' },
    result: {
      'dns?': [{ ip: 'string', real_operator: 'string' }],
      'ping?': [{ ip: 'string', from_operator: 'string', package_loss: 'string', time: 'string' }],
    },
  },
  getAutoReply: {
    call: 'GET /cgi-bin/get_current_autoreply_info',
    accounts: 'any',
    result: {
      is_add_friend_reply_open: 'integer',
      is_autoreply_open: 'integer',
      'add_friend_autoreply_info?': { type: 'string', content: 'string' },
      'message_default_autoreply_info?': { type: 'string', content: 'string' },
      'keyword_autoreply_info?': {
        list: [
          {
            rule_name: 'string',
            create_time: 'integer',
            reply_mode: 'string',
            keyword_list_info: [{ type: 'string', match_mode: 'string', content: 'string' }],
            reply_list_info: [{ type: 'string', 'content?': 'string', 'news_info?': 'json' }],
          },
        ],
      },
    },
  },
} as const satisfies EndpointTable
