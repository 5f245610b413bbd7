import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { type Deployment, requireApache } from './deployment.ts'
import { AES_KEY, type Break, examine, FULL, install, namesFirst, TOKEN } from './doctor-report.ts'

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
    damage: ({ directory }) => {
      fs.rmSync(path.join(directory, 'dist', 'responder.blob'), { force: true })
      edit(path.join(directory, 'dist', 'responder.cjs'), text => `throw new Error('no such query')\n${text}`)
    },
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
    title: 'something in var belongs to somebody else',
    first: 'state',
    says: /var\/messages belongs to root, not to www-data.*chown -R www-data/,
    damage: ({ directory }) => fs.mkdirSync(path.join(directory, 'var', 'messages')),
  },
  {
    title: "the build is closed to the web server's user",
    first: 'access',
    says: /www-data may not enter .*dist chmod -R o\+rX .*dist$/,
    damage: ({ directory }) => fs.chmodSync(path.join(directory, 'dist'), 0o700),
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
}
