import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { startFakeApi } from '../../src/simulator/api/server.ts'
import { requireApache } from './deployment.ts'
import { type Break, examine, FULL, install, namesFirst, TOKEN } from './doctor-report.ts'

if (requireApache(t)) {
  t.test('what WeChat refuses is named, with its cure', async t => {
    const account = { ...FULL, userName: 'gh_000000000000' }
    const api = await startFakeApi({ account })
    t.teardown(() => api.close())
    const deployment = await install(t, { config: { ...FULL, apiBase: api.url } })

    const well = await examine(deployment, [])
    t.match(well, { code: 0, first: null })
    const states = well.findings.map(({ name, state }) => `${name} ${state}`)
    for (const name of ['clock', 'reach', 'token', 'rights', 'callback', 'menu'])
      t.ok(states.includes(`${name} ok`), name)

    const refused: readonly (Break & { readonly code: number })[] = [
      {
        code: 40164,
        title: 'the address',
        first: 'token',
        says: /40164.*enter \d+\.\d+\.\d+\.\d+ in the API IP whitelist/,
      },
      { code: 40013, title: 'the AppID', first: 'token', says: /40013.*AppID is wrong.*copy "appId"/ },
      {
        code: 40125,
        title: 'the AppSecret',
        first: 'token',
        says: /40125.*AppSecret is wrong, or was reset.*copy "appSecret"/,
      },
    ]
    for (const { code, ...each } of refused) {
      api.trouble({ trouble: code, path: '/cgi-bin/stable_token' })
      namesFirst(t, await examine(deployment, []), each)
    }
    api.trouble({ trouble: 'stall', path: '/cgi-bin/stable_token' })
    namesFirst(t, await examine(deployment, []), { title: 'nothing', first: 'token', says: /did not answer in time/ })
  })

  t.test('each account is tried, and the one that fails is named', async t => {
    const account = { ...FULL, userName: 'gh_000000000000' }
    const api = await startFakeApi({ account })
    t.teardown(() => api.close())
    const shop = { token: 'palmTree2032', appId: 'wx99d1e2f3a4b5c6d7', appSecret: FULL.appSecret.replace('0', '9') }
    const deployment = await install(t, { config: { ...FULL, apiBase: api.url, accounts: { shop } } })
    const report = await examine(deployment, [])
    namesFirst(t, report, { title: 'shop', first: 'token', says: /^shop: .*40013/ })
    t.match(
      report.findings.filter(({ name }) => name === 'token').map(({ state, saw }) => `${state} ${saw.en}`),
      [/^ok default: from stable_token/, /^failure shop: /],
    )
    t.match(report.findings.find(({ name }) => name === 'messages')?.saw.en, /^default: plain .*; shop: plain \d+ ms$/)
  })

  t.test('an API that nobody can reach is named, unless the account needs none', async t => {
    const apiBase = 'http://127.0.0.1:1'
    const deployment = await install(t, { config: { ...FULL, apiBase } })
    const says = /127\.0\.0\.1:1 .*cannot be reached: ECONNREFUSED/
    namesFirst(t, await examine(deployment, []), { title: 'nobody', first: 'reach', says })
    t.equal((await examine(deployment)).code, 0, '--offline')

    fs.writeFileSync(path.join(deployment.directory, 'weixin.config.json'), JSON.stringify({ token: TOKEN, apiBase }))
    const { code, findings } = await examine(deployment, [])
    t.equal(code, 0)
    for (const name of ['reach', 'token', 'rights', 'callback', 'menu']) {
      t.match(findings.find(each => each.name === name)?.saw.en, /the account has passive replies alone/)
    }
  })
}
