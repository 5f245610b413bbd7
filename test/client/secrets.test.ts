import util from 'node:util'
import t from 'tap'
import { createLogger } from '../../src/log.ts'
import { APP_SECRET, clientOf, nobody, platform, rejection, type Script, TOKEN } from './platform.ts'

const SECRETS = [TOKEN, APP_SECRET, 'OAUTH-token-0123', 'the-refresh-token', 'the-oauth-code', 'proxy-password']

/** Answers that throw everything they were told back, whole or broken. */
const echoes: readonly Script[] = [
  (response, { query, body }) =>
    response.end(JSON.stringify({ errcode: 40035, errmsg: `${JSON.stringify(query)} ${body}` })),
  (response, { query, body }) => response.end(`${JSON.stringify(query)} ${body} {`),
  (response, { query, body }) => response.writeHead(500).end(`${JSON.stringify(query)} ${body}`),
  (response, { query }) => response.socket?.end(`HTTP/1.1 200 OK\r\n${query['access_token']}\r\n\r\n`),
  response => response.destroy(),
  () => {},
]

t.test('no error and no line of the log shows a secret, whatever comes back', async t => {
  for (const script of [...echoes, undefined]) {
    const url = script ? (await platform(t, script)).url : await nobody()
    const lines: string[] = []
    const log = createLogger(line => lines.push(line), 'debug')
    const client = clientOf(t, url, { timeout: 60, log })
    const errors = await Promise.all([
      rejection(client.user.list()),
      rejection(client.basic.stableToken()),
      rejection(client.basic.token()),
      rejection(client.basic.clearQuotaBySecret()),
      rejection(client.oauth.userInfo({ access_token: 'OAUTH-token-0123', openid: 'o1' })),
      rejection(client.oauth.refreshToken({ refresh_token: 'the-refresh-token' })),
      rejection(client.oauth.accessToken({ code: 'the-oauth-code' })),
      rejection(client.request('/cgi-bin/new/call', { query: { openid: 'o1' } })),
    ])
    const shown = [...errors.map(error => `${util.inspect(error, { depth: 9 })} ${error.stack}`), ...lines].join('\n')
    for (const secret of SECRETS) t.notOk(shown.includes(secret), `${script}: ${secret}`)
    t.notMatch(shown, /access_token=/)
  }
})

t.test('nor does one of a proxy', async t => {
  const client = clientOf(t, 'https://api.weixin.invalid', {
    proxy: (await nobody()).replace('//', '//me:proxy-password@'),
  })
  t.notMatch(util.inspect(await rejection(client.user.list()), { depth: 9 }), /proxy-password|cHJveHkt/)
})

t.test('an argument that is refused is not shown', async t => {
  const client = clientOf(t, 'http://127.0.0.1:1')
  const text = 'private words '.repeat(100)
  const error = await rejection(client.ai.translate({ lfrom: 'zh_CN', lto: 'en_US', content: text }))
  t.match(error.message, 'content is 1400 bytes')
  t.notMatch(util.inspect(error), /private/)
})
