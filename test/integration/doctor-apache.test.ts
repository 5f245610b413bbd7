import { once } from 'node:events'
import fs from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import t from 'tap'
import { type Deployment, requireApache } from './deployment.ts'
import { type Break, examine, FULL, inHost, install, load, type Making, namesFirst } from './doctor-report.ts'

/** Most of the time goes by with waiting for Apache. */
t.jobs = 4

const asRoot = process.getuid?.() === 0

/** What the doctor has to say where all is well: the port of a test is none that WeChat calls. */
const HARMLESS = ['port']

/** Each module and each way to the service once. */
const EACH_WAY = ['CGI, mod_cgid', 'mod_fcgid', 'mod_proxy_fcgi, unix socket', 'mod_proxy_fcgi, TCP']

for (const name of requireApache(t) ? EACH_WAY : []) {
  t.test(`all is well: ${name}`, async t => {
    const report = await examine(
      await install(t, { way: name, config: { ...FULL, accounts: { shop: { token: 'second' } } } }),
    )
    const bad = report.findings.filter(each => /warning|failure/.test(each.state) && !HARMLESS.includes(each.name))
    t.strictSame(bad, [])
    t.match(report, { code: 0, first: null })
  })
}

function edit(file: string, change: (text: string) => string): void {
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')))
}

const configOf = ({ directory }: Deployment) => path.join(directory, 'weixin.config.json')

/** Takes connections and never says a word. */
const silent = net.createServer().listen(0, '127.0.0.1').unref()
await once(silent, 'listening')
const portOf = (server: net.Server) => (server.address() as AddressInfo).port

const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'

/** What is wrong with Apache, or between Apache and the service. */
const breaks: readonly (Break & Making & { readonly skip?: boolean })[] = [
  {
    skip: !asRoot,
    title: "the socket is closed to Apache's user",
    first: 'service',
    says: /Apache's user www-data may not connect to .*weixin\.sock/,
    way: 'mod_proxy_fcgi, unix socket',
    damage: ({ scratch }) => {
      fs.chownSync(path.join(scratch, 'weixin.sock'), 0, 0)
      fs.chmodSync(path.join(scratch, 'weixin.sock'), 0o600)
    },
  },
  {
    title: 'the ScriptAlias is missing',
    first: 'vhost',
    says: /has no ScriptAlias or ProxyPass that leads to/,
    block: vhost => vhost.replace(/^ *ScriptAlias .*\n/m, ''),
  },
  {
    title: 'another virtual host of that name comes first',
    first: 'vhost',
    says: /another virtual host has the name localhost/,
    block: vhost => `<VirtualHost *:80>\nServerName localhost\nDocumentRoot /var/www/html\n</VirtualHost>\n${vhost}`,
  },
  {
    title: 'mod_cgid is not loaded',
    first: 'modules',
    says: /not loaded: mod_cgid/,
    damage: ({ scratch }) =>
      edit(path.join(scratch, 'httpd.conf'), text => text.replace(/^LoadModule cgid_module.*$/m, '')),
  },
  {
    title: 'ap_trust_cgilike_cl is missing',
    first: 'settings',
    says: /“SetEnv ap_trust_cgilike_cl 1” is missing/,
    block: vhost => vhost.replace('SetEnv ap_trust_cgilike_cl 1', ''),
  },
  {
    title: 'the service does not run, unix socket',
    first: 'service',
    says: /weixin\.sock is not there: the service does not run, and Apache answers 503/,
    way: 'mod_proxy_fcgi, unix socket',
    responder: false,
  },
  {
    title: 'the service does not run, TCP',
    first: 'service',
    says: /nobody answers at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
    way: 'mod_proxy_fcgi, TCP',
    responder: false,
  },
  {
    title: "Apache's environment has another Token",
    first: 'echo',
    says: /refuses the signature.*httpd\.conf:\d+ sets WEIXIN_TOKEN/,
    block: inHost('SetEnv WEIXIN_TOKEN another'),
  },
  {
    title: 'the service still has the Token of before',
    first: 'echo',
    says: /refuses the signature: it has another Token than the configuration.*restart the service/,
    way: 'mod_proxy_fcgi, TCP',
    damage: deployment => fs.writeFileSync(configOf(deployment), '{ "token": "palmTree2032" }', { mode: 0o600 }),
  },
  {
    title: 'everything is redirected to https',
    first: 'echo',
    says: /a redirect \(301\) to https:\/\/localhost\/.*does not follow/,
    block: inHost('RedirectMatch permanent "^/(.*)$" "https://localhost/$1"'),
  },
  {
    title: 'a login stands in front',
    first: 'echo',
    says: /a login is asked for \(401 Basic realm="x"\)/,
    block: vhost =>
      ['authn_core', 'authn_file', 'auth_basic', 'authz_user'].map(load).join('') +
      inHost('<Location "/">\nAuthType Basic\nAuthName x\nAuthUserFile /dev/null\nRequire valid-user\n</Location>')(
        vhost,
      ),
  },
  {
    title: 'Apache refuses everybody',
    first: 'echo',
    says: /Apache refuses it \(403\) before the responder is asked/,
    block: inHost('<Location "/">\nRequire all denied\n</Location>'),
  },
  {
    title: 'another handler answers, such as PHP',
    first: 'echo',
    says: /somebody else answers: PHP\/8\.2.*Files in this folder/,
    block: (vhost, { directory }) =>
      inHost('Header set X-Powered-By PHP/8.2')(
        vhost.replace('ScriptAlias', `AliasMatch "^/$" "${directory}/apache/static/index.txt"\n    ScriptAlias`),
      ),
  },
  {
    title: 'the answer takes longer than WeChat waits',
    first: 'echo',
    says: /gives no answer within the 5 s that WeChat waits/,
    way: 'mod_proxy_fcgi, TCP',
    responder: false,
    block: vhost => vhost.replace(/fcgi:\/\/127\.0\.0\.1:\d+/, `fcgi://127.0.0.1:${portOf(silent)}`),
  },
  {
    title: 'the answer is compressed',
    first: 'headers',
    says: /answers are compressed \(gzip\)/,
    block: vhost =>
      ['filter', 'deflate'].map(load).join('') +
      inHost('SetOutputFilter DEFLATE')(vhost.replace('SetEnv no-gzip 1', '')),
  },
  {
    title: 'the answer comes in chunks',
    first: 'headers',
    says: /the answer comes chunked instead of with a Content-Length/,
    block: inHost('Header unset Content-Length'),
  },
  {
    title: 'the project lies in a DocumentRoot, and is served',
    first: 'private',
    says: /gives .*weixin\.config\.json to everybody/,
    damage: deployment => fs.chmodSync(configOf(deployment), 0o644),
    block: (vhost, { directory }) =>
      `${vhost.replace('Require all denied', 'Require all granted')}
<VirtualHost *:80>\nServerName wamp.localhost\nDocumentRoot "${path.dirname(directory)}"\n</VirtualHost>`,
  },
  {
    title: 'the clock of the service is two hours slow',
    skip: !fs.existsSync(FAKETIME),
    first: 'echo',
    says: /the responder's clock is 2 h behind.*timedatectl set-ntp/,
    way: 'mod_proxy_fcgi, TCP',
    responder: { LD_PRELOAD: FAKETIME, FAKETIME: '-2h' },
  },
]

for (const { damage, skip = false, ...broken } of requireApache(t) ? breaks : []) {
  t.test(`named first: ${broken.title}`, { skip }, async t => {
    const deployment = await install(t, broken)
    damage?.(deployment)
    namesFirst(t, await examine(deployment), broken)
  })
}
