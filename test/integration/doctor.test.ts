import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { checks } from '../../src/doctor/checks/index.ts'
import { startFakeApi } from '../../src/simulator/api/server.ts'
import { type Deployment, requireApache } from './deployment.ts'
import { AES_KEY, type Break, examine, FULL, install, namesFirst, TOKEN } from './doctor-report.ts'

const makeFolder = (file: string) => void fs.mkdirSync(file)
const makeLoop = (file: string) => fs.symlinkSync(file, file)
const writeBytes = (file: string) => fs.writeFileSync(file, Buffer.from(Array.from({ length: 999 }, (_, at) => at * 7)))

const asRoot = process.getuid?.() === 0

const scriptOf = ({ directory }: Deployment) => path.join(directory, 'cgi-bin', 'weixin')
const configOf = ({ directory }: Deployment) => path.join(directory, 'weixin.config.json')
const configure = (deployment: Deployment, config: object) =>
  fs.writeFileSync(configOf(deployment), JSON.stringify(config))

function edit(file: string, change: (text: string) => string): void {
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')))
}

/** What is wrong with files and configuration; everything else is as it should be. */
const breaks: readonly Break[] = [
  {
    title: 'dist is missing',
    first: 'build',
    says: /responder\.cjs is missing/,
    damage: ({ directory }) => fs.rmSync(path.join(directory, 'dist', 'responder.cjs')),
  },
  {
    title: 'the configuration is missing',
    first: 'config',
    says: /"token" is missing.*there is no .*weixin\.config\.json/,
    damage: deployment => fs.rmSync(configOf(deployment)),
  },
  {
    title: 'the configuration is no JSON',
    first: 'config',
    says: /weixin\.config\.json:1: not JSON/,
    damage: deployment => fs.writeFileSync(configOf(deployment), '{ "token": "kapokTree2031" "mode": "plain" }'),
  },
  {
    title: 'a key of the configuration is misspelt',
    first: 'config',
    says: /unknown key "tokn"/,
    damage: deployment => configure(deployment, { token: TOKEN, tokn: TOKEN }),
  },
  {
    title: 'the EncodingAESKey has 42 characters',
    first: 'config',
    says: /"aesKey" has a value that is not permitted; permitted: the 43 characters/,
    damage: deployment => configure(deployment, { ...FULL, aesKey: AES_KEY.slice(1) }),
  },
  {
    title: 'the mode wants a key that is not there',
    first: 'config',
    says: /"mode" safe needs "aesKey" and "appId"/,
    damage: deployment => configure(deployment, { token: TOKEN, mode: 'safe' }),
  },
  {
    title: 'others may write to var',
    first: 'state',
    says: /other users may write to .*var/,
    damage: ({ directory }) => fs.chmodSync(path.join(directory, 'var'), 0o777),
  },
  {
    title: 'nobody is at the address of Redis',
    first: 'store',
    says: /cannot use Redis at 127\.0\.0\.1:1: nobody listens there/,
    damage: deployment => configure(deployment, { token: TOKEN, store: 'redis://:hushHush99@127.0.0.1:1' }),
  },
  {
    title: 'the script is not executable',
    first: 'script',
    says: /weixin is not executable \(mode 644\)/,
    damage: deployment => fs.chmodSync(scriptOf(deployment), 0o644),
  },
  {
    title: 'a byte order mark stands before the first line',
    first: 'script',
    says: /a byte order mark stands in front of #!/,
    damage: deployment => edit(scriptOf(deployment), text => `\uFEFF${text}`),
  },
  {
    title: 'the first line ends with CR LF',
    first: 'script',
    says: /the first line ends with CR LF/,
    damage: deployment => edit(scriptOf(deployment), text => text.replaceAll('\n', '\r\n')),
  },
  {
    title: 'the interpreter is not there',
    first: 'script',
    says: /the interpreter \/opt\/node\/bin\/node of the first line is not there/,
    damage: deployment => edit(scriptOf(deployment), text => text.replace(/^#!.*/, '#!/opt/node/bin/node')),
  },
  {
    title: 'a handler of the owner throws while it is written down',
    first: 'pipe',
    says: /it did not answer \(500 Internal Server Error\).*no such query/,
    damage: ({ directory }) =>
      edit(path.join(directory, 'dist', 'responder.cjs'), text => `throw new Error('no such query')\n${text}`),
  },
]

/** What only root can do, and see. */
const rootBreaks: readonly Break[] = [
  {
    title: "the web server's user may not read the configuration",
    first: 'access',
    says: /www-data may not read .*weixin\.config\.json/,
    damage: deployment => fs.chownSync(configOf(deployment), 0, 0),
  },
  {
    title: "the web server's user may not enter the project",
    first: 'access',
    says: /www-data may not enter .*project/,
    damage: ({ directory }) => fs.chmodSync(directory, 0o700),
  },
  {
    title: 'var belongs to somebody else',
    first: 'state',
    says: /var is not www-data's/,
    damage: ({ directory }) => fs.chownSync(path.join(directory, 'var'), 0, 0),
  },
  {
    title: 'var is missing, and nobody may make it',
    first: 'state',
    says: /var is missing, and www-data may not make it/,
    damage: ({ directory }) => fs.rmSync(path.join(directory, 'var'), { recursive: true }),
  },
]

if (requireApache(t)) {
  t.test('what is wrong with files and configuration is named first', async t => {
    const deployment = await install(t, {})
    const { directory, scratch } = deployment
    const whole = path.join(scratch, 'whole')
    execFileSync('cp', ['-a', directory, whole])
    for (const each of [...breaks, ...(asRoot ? rootBreaks : [])]) {
      await t.test(each.title, async t => {
        each.damage?.(deployment)
        namesFirst(t, await examine(deployment), each)
        fs.rmSync(directory, { recursive: true })
        execFileSync('cp', ['-a', whole, directory])
      })
    }
  })

  t.test('whatever lies in the place of a file, the doctor ends with a verdict', async t => {
    const deployment = await install(t, {})
    const { directory, scratch } = deployment
    const whole = path.join(scratch, 'whole')
    execFileSync('cp', ['-a', directory, whole])
    for (const name of ['weixin.config.json', 'cgi-bin/weixin', 'dist/node', 'dist/responder.cjs', 'var']) {
      for (const put of [makeFolder, makeLoop, writeBytes]) {
        const file = path.join(directory, name)
        fs.rmSync(file, { recursive: true, force: true })
        put(file)
        const { code, all, findings } = await examine(deployment)
        t.ok(findings.length >= checks.length, `${put.name} ${name}`)
        t.ok(code === 0 || code === 1)
        t.notMatch(all, /could not be checked/)
        fs.rmSync(directory, { recursive: true })
        execFileSync('cp', ['-a', whole, directory])
      }
    }
  })

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

  t.test('an API that nobody can reach is named, unless the account needs none', async t => {
    const apiBase = 'http://127.0.0.1:1'
    const deployment = await install(t, { config: { ...FULL, apiBase } })
    const says = /127\.0\.0\.1:1 .*cannot be reached: ECONNREFUSED/
    namesFirst(t, await examine(deployment, []), { title: 'nobody', first: 'reach', says })
    t.equal((await examine(deployment)).code, 0, '--offline')

    configure(deployment, { token: TOKEN, apiBase })
    const { code, findings } = await examine(deployment, [])
    t.equal(code, 0)
    for (const name of ['reach', 'token', 'rights', 'callback', 'menu']) {
      t.match(findings.find(each => each.name === name)?.saw.en, /the account has passive replies alone/)
    }
  })
}
