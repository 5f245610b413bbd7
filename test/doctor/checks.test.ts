import t, { type Test } from 'tap'
import { checks } from '../../src/doctor/checks/index.ts'
import { examine } from '../../src/doctor/examine.ts'
import type { Patient } from '../../src/doctor/patient.ts'
import { ECHOSTR } from '../../src/doctor/requests.ts'
import type { World } from '../../src/doctor/world.ts'
import type { Files } from '../apache/rooted-machine.ts'
import { NOW, patientWith } from './patients.ts'

/** What the doctor has to say, a line for each finding. */
async function told(patient: Patient): Promise<string[]> {
  const results = await examine(checks, patient)
  return results.map(({ check, state, saw }) => `${check.name} ${state}: ${saw.en}`)
}

const line = (lines: readonly string[], name: string) => lines.filter(each => each.startsWith(`${name} `)).join('\n')

t.test('each check has a name of its own and needs only what comes before it', async t => {
  const names = checks.map(({ name }) => name)
  t.equal(new Set(names).size, names.length)
  for (const [index, { name, needs = [], title }] of checks.entries()) {
    for (const each of needs) t.ok(names.slice(0, index).includes(each), `${name} comes after ${each}`)
    t.match(title.zh, /\S/)
  }
})

t.test('an empty machine is examined to the end', async t => {
  for (const platform of ['linux', 'win32'] as const) {
    const lines = await told(patientWith(t, platform, {}))
    t.notMatch(lines.join('\n'), /could not be checked/)
    t.match(line(lines, 'build'), /build failure: .*responder\.cjs is missing/)
    t.match(line(lines, 'echo'), /echo skipped: not judged because of “build”/)
  }
})

const WAMP: Files = {
  'C:/wamp64/wampmanager.conf': '[main]\n',
  'C:/wamp64/bin/apache/apache2.4.62/bin/httpd.exe': '',
  'C:/wamp64/bin/apache/apache2.4.62/conf/httpd.conf': `ServerRoot "C:/wamp64/bin/apache/apache2.4.62"
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule alias_module modules/mod_alias.so
LoadModule env_module modules/mod_env.so
LoadModule headers_module modules/mod_headers.so
LoadModule cgi_module modules/mod_cgi.so
Listen 80
ErrorLog "C:/wamp64/logs/apache_error.log"
<VirtualHost *:80>
ServerName weixin.example.com
ScriptAlias / "d:/wamp/www/微信 号/cgi-bin/weixin/"
SetEnv ap_trust_cgilike_cl 1
</VirtualHost>
`,
  'C:/wamp64/logs/apache_error.log':
    "[Sun Nov 22 11:59:00.1 2026] [cgi:error] [pid 1] (OS 3)The system cannot find the path specified. : couldn't create child process: 720002: weixin\n",
  'D:/wamp/www/微信 号/dist/responder.cjs': 'x',
  'D:/wamp/www/微信 号/cgi-bin/weixin': '#!"C:/Program Files/nodejs/node.exe"\n',
  'D:/wamp/www/微信 号/weixin.config.json': '{"token":"kapokTree2031"}',
  'C:/Program Files/nodejs/node.exe': '',
}

/** The port's holder as netstat and tasklist tell it. */
const windowsPrograms = (command: string) =>
  command === 'netstat'
    ? { stdout: '  TCP    0.0.0.0:80    0.0.0.0:0    LISTENING    42\r\n' }
    : command === 'tasklist'
      ? { stdout: '"httpd.exe","42","Services","0","9,000 K"\r\n' }
      : undefined

function wamp(t: Test, world: Partial<World> = {}, files: Files = {}): Patient {
  const answer = { status: 200, body: ECHOSTR, headers: { 'content-length': '19' }, milliseconds: 40 }
  return patientWith(
    t,
    'win32',
    { ...WAMP, ...files },
    {
      environment: { WEIXIN_TOKEN: 'kapokTree2031' },
      ask: async ({ url }) =>
        url.search.includes('echostr') ? answer : { ...answer, status: 403, body: 'forbidden\n' },
      run: async () => ({ code: 0, stdout: `Content-Length: 19\r\n\r\n${ECHOSTR}`, stderr: '', milliseconds: 90 }),
      ...world,
    },
    windowsPrograms,
  )
}

t.test('wamp is understood without modes, users and /proc', async t => {
  const lines = await told(wamp(t))
  t.match(line(lines, 'apache'), /apache ok: wamp/)
  t.match(line(lines, 'vhost'), /vhost ok: .*weixin\.example\.com:80, CGI/)
  t.match(line(lines, 'port'), /port ok: 80, httpd\.exe \(42\)/)
  t.match(line(lines, 'access'), /access skipped: Windows has no modes/)
  t.match(line(lines, 'script'), /script ok: #!"C:\/Program Files/)
  t.match(line(lines, 'pipe'), /pipe ok/)
  t.match(line(lines, 'echo'), /echo ok: http:\/\/weixin\.example\.com answers after 40 ms/)
  t.match(line(lines, 'log'), /log warning: 1 × the interpreter of the first line is not there/)
  t.notMatch(lines.join('\n'), /could not be checked/)
})

t.test('on Windows a first line for Unix, and a port of somebody else, are named', async t => {
  const script = { 'D:/wamp/www/微信 号/cgi-bin/weixin': '#!/usr/bin/env node\n' }
  t.match(line(await told(wamp(t, {}, script)), 'script'), /script failure: .*means nothing to Windows/)
  const lines = await told(
    patientWith(t, 'win32', WAMP, {}, command =>
      command === 'tasklist' ? { stdout: '"System","4","Services","0","9 K"\r\n' } : windowsPrograms(command),
    ),
  )
  t.match(line(lines, 'port'), /port failure: port 80 is held by System \(42\), not by Apache/)
})

/** certbot's work: a second virtual host, and a redirect to it. */
const TWINS: Files = {
  '/etc/httpd/conf/httpd.conf': `ServerRoot "/etc/httpd"
Listen 80
Listen 443
LoadModule cgi_module modules/mod_cgi.so
<VirtualHost *:80>
ServerName weixin.example.com
ScriptAlias / "/srv/weixin/cgi-bin/weixin/"
SetEnv ap_trust_cgilike_cl 1
</VirtualHost>
<VirtualHost *:443>
ServerName weixin.example.com
SSLEngine on
ScriptAlias / "/srv/weixin/cgi-bin/weixin/"
SetEnv ap_trust_cgilike_cl 1
</VirtualHost>
<VirtualHost *:80>
ServerName php.example.com
DocumentRoot /srv/php
<FilesMatch "[.]php$">
SetHandler "proxy:unix:/run/php/php-fpm.sock|fcgi://localhost"
</FilesMatch>
</VirtualHost>
`,
  '/etc/httpd/conf.d/welcome.conf': '',
  '/srv/weixin/cgi-bin/weixin': '#!/bin/sh\n',
}

t.test('a redirect to our own https, and the PHP of others, are no faults', async t => {
  const patient = patientWith(t, 'linux', TWINS, {
    async ask({ url }) {
      const headers = { location: `https://weixin.example.com/${url.search}` }
      return url.protocol === 'https:'
        ? { status: 200, body: ECHOSTR, headers: {}, milliseconds: 20 }
        : { status: 301, body: '', headers, milliseconds: 1 }
    },
  })
  const named = ['vhost', 'echo']
  const asked = checks.filter(({ name }) => named.includes(name)).map(check => ({ ...check, needs: [] }))
  const lines = (await examine(asked, patient)).map(({ check, state, saw }) => `${check.name} ${state}: ${saw.en}`)
  t.strictSame(lines, [
    'vhost ok: /etc/httpd/conf/httpd.conf:5: weixin.example.com:80, CGI, a process for each message',
    'echo ok: https://weixin.example.com answers after 20 ms',
    'echo warning: http://weixin.example.com sends everybody on to https',
  ])
})

t.test('a clock that is an hour wrong is named before the API is blamed', async t => {
  const date = new Date(NOW + 3_600_000).toUTCString()
  const answer = { status: 200, body: '', headers: { date }, milliseconds: 1 }
  const wanted = { url: undefined, apache: undefined, offline: false }
  const lines = await told(patientWith(t, 'linux', {}, { wanted, ask: async () => answer }))
  t.equal(line(lines, 'clock'), 'clock failure: it is 60 minutes wrong: every message of WeChat is refused as too old')
  t.match(line(lines, 'token'), /token skipped: not judged because of “clock”/)
})

t.test('a defect in a check is a warning, and the examination goes on', async t => {
  const broken = { name: 'broken', title: { en: 'x', zh: 'x' }, look: () => Promise.reject(new Error('a defect')) }
  const results = await examine([broken, ...checks.slice(0, 1)], patientWith(t, 'linux', {}))
  t.match(results[0], { state: 'warning', saw: { en: 'this could not be checked: Error: a defect' } })
  t.equal(results.length, 2)
})
