import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { app } from '../src/app.ts'
import { resolveConfig } from '../src/config/resolve.ts'
import { sign } from '../src/crypto/signature.ts'
import type { Application } from '../src/gateway/response.ts'
import { createLogger } from '../src/log.ts'
import { composeMessage } from '../src/simulator/message.ts'
import { createSite } from '../src/site.ts'
import { fakeAccount } from './cli/fake-account.ts'

/** What a site answers to these words. */
async function answerTo(site: Application, words: string): Promise<string> {
  const createTime = Math.floor(Date.now() / 1000)
  const [kind, toUserName, fromUserName, msgId] = ['text', 'gh_a0b1c2d3e4f5', 'oFan', `${createTime}${words.length}`]
  const xml = composeMessage({ kind, values: [words], toUserName, fromUserName, createTime, msgId })
  const { body } = await site({
    method: 'POST',
    path: '/',
    query: `signature=${sign('t', String(createTime), 'nonce')}&timestamp=${createTime}&nonce=nonce`,
    contentType: 'text/xml',
    contentEncoding: '',
    body: Buffer.from(xml),
  })
  return body.toString()
}

t.test('a service takes up the first rules that are written into its configuration', async t => {
  const { now } = Date
  let ahead = 0
  t.teardown(() => Object.assign(Date, { now }))
  Object.assign(Date, { now: () => now() + ahead })
  const directory = t.testdir({ 'weixin.config.json': '{ "token": "t" }' })
  const config = resolveConfig({ token: 't' }, { WEIXIN_STORE: 'memory:' })
  const log = createLogger(line => t.fail(line), 'warn')
  const site = await createSite({ app, config, environment: {}, directory, log, hold: 10_000, spent: 0 })
  t.match(await answerTo(site, 'price'), '<![CDATA[price]]>', 'what src/app.ts says')
  const rules = [{ when: { exact: 'price' }, reply: '7 yuan' }]
  fs.writeFileSync(path.join(directory, 'weixin.config.json'), JSON.stringify({ token: 't', rules }))
  ahead = 2000
  t.match(await answerTo(site, 'price'), '<![CDATA[7 yuan]]>')
})

t.test('a handler signs pages and logs visitors in with the account that its message came to', async t => {
  const { environment, received } = await fakeAccount(t, t.testdir(), {
    'GET /cgi-bin/ticket/getticket': '{"ticket":"TICKET-example_0123456789-abcDEF","expires_in":7200}',
  })
  app.hears('login', ctx =>
    ctx.pages.authorizeUrl({ redirectUri: 'https://fans.example.org/', scope: 'snsapi_base', state: 'S' }),
  )
  app.hears('sign', async ctx => (await ctx.pages.signJsSdk('https://fans.example.org/')).appId)
  const config = resolveConfig(undefined, { ...environment, WEIXIN_STORE: 'memory:' })
  const log = createLogger(line => t.fail(line), 'warn')
  const site = await createSite({ app, config, environment: {}, directory: t.testdirName, log, hold: 10_000, spent: 0 })
  t.match(await answerTo(site, 'login'), 'connect/oauth2/authorize?appid=wx00d1e2f3a4b5c6d7&redirect_uri=')
  t.equal(received.length, 0, 'an address costs no call')
  t.match(await answerTo(site, 'sign'), '<![CDATA[wx00d1e2f3a4b5c6d7]]>')
  t.strictSame(
    received.map(({ path }) => path),
    ['/cgi-bin/stable_token', '/cgi-bin/ticket/getticket'],
  )
})
