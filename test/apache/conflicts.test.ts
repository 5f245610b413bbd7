import t, { type Test } from 'tap'
import { describeApache } from '../../src/apache/apache.ts'
import { conflictsWith, type Place } from '../../src/apache/conflicts.ts'
import { findInstallations } from '../../src/apache/installation.ts'
import { redhat } from './layouts.ts'
import { rootedMachine } from './rooted-machine.ts'

const place: Place = {
  serverName: 'weixin.example.com',
  address: '*',
  port: 80,
  directory: '/srv/微信 号',
  ours: '/etc/httpd/conf.d/weixin.conf',
}

/** What is said about a machine with one more file in conf.d. */
function conflicts(t: Test, text: string, file = 'other.conf', hostname = '') {
  const machine = rootedMachine(t, 'linux', { ...redhat, [`/etc/httpd/conf.d/${file}`]: text }, command =>
    command === 'hostname' ? { stdout: `${hostname}\n` } : undefined,
  )
  const [first] = findInstallations(machine)
  if (!first) throw new Error('there is no Apache')
  return conflictsWith(describeApache(machine, first), place)
}

t.test('an Apache with other sites only is no conflict', async t => {
  t.strictSame(conflicts(t, '<VirtualHost *:443>\nServerName weixin.example.com\n</VirtualHost>'), [])
  t.strictSame(
    conflicts(t, '<VirtualHost *:80>\nServerName weixin.example.com\n</VirtualHost>', 'weixin.conf'),
    [],
    'ours',
  )
})

t.test('another virtual host of the same name is in the way, with a wildcard as well', async t => {
  for (const line of [
    'ServerName weixin.example.com',
    'ServerName http://WEIXIN.example.com:80',
    'ServerAlias *.example.com',
  ]) {
    const [first] = conflicts(t, `\n<VirtualHost _default_:80>\nServerName a\n${line}\n</VirtualHost>`)
    t.match(
      first,
      { weight: 'blocks', file: '/etc/httpd/conf.d/other.conf', line: 2, what: { en: /has the name/ } },
      line,
    )
  }
})

t.test('a virtual host without a name has that of the machine', async t => {
  const host = '<VirtualHost *:80>\nDocumentRoot /var/www\n</VirtualHost>'
  t.match(conflicts(t, host, 'default.conf', place.serverName), [{ weight: 'blocks', line: 1 }])
  t.strictSame(conflicts(t, host, 'default.conf', 'another.example.com'), [])
})

t.test('a virtual host of an address takes what arrives there', async t => {
  t.match(conflicts(t, '<VirtualHost 192.0.2.7:80>\nServerName a\n</VirtualHost>'), [
    { weight: 'blocks', cure: { en: 'bind our block to the same address: --address 192.0.2.7' } },
  ])
  t.strictSame(conflicts(t, '<VirtualHost 127.0.0.1:80>\nServerName a\n</VirtualHost>'), [])
})

t.test('what stands outside all virtual hosts and takes everything is in the way', async t => {
  for (const line of ['ProxyPass / http://127.0.0.1:3000/', 'Redirect permanent / https://example.com/']) {
    t.match(conflicts(t, line), [{ weight: 'blocks', line: 1 }], line)
    t.strictSame(conflicts(t, `<VirtualHost *:80>\nServerName a\n${line}\n</VirtualHost>`), [], `${line} of one host`)
  }
  t.match(conflicts(t, '<Location "/">\nRequire valid-user\n</Location>'), [{ weight: 'disturbs', line: 2 }])
})

t.test('a block made by hand for the same project is told, and what it lacks', async t => {
  const host = (more: string) =>
    `<VirtualHost *:80>\nServerName old.example.com\nScriptAlias / "/srv/微信 号/cgi-bin/weixin/"\n${more}</VirtualHost>`
  t.match(conflicts(t, host('')), [{ weight: 'disturbs', what: { en: /without “SetEnv ap_trust_cgilike_cl 1”/ } }])
  t.match(conflicts(t, host('SetEnv ap_trust_cgilike_cl 1\n')), [
    { what: { en: 'this virtual host leads to the same project' } },
  ])
})
