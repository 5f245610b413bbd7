// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is a variable of Apache
import t from 'tap'
import { describeApache } from '../../src/apache/apache.ts'
import { findInstallations } from '../../src/apache/installation.ts'
import { redhat, wamp, xampp } from './layouts.ts'
import { type Programs, rootedMachine } from './rooted-machine.ts'

const httpd: Programs = (command, [word]) => {
  if (!/httpd(\.exe)?$/.test(command)) return undefined
  if (word === '-v') return { stdout: 'Server version: Apache/2.4.62 (Rocky Linux)\n' }
  if (word === '-l') return { stdout: 'Compiled in modules:\n  core.c\n  mod_so.c\n  http_core.c\n' }
  return undefined
}

t.test("Red Hat's Apache is found with everything that its configuration says", async t => {
  const machine = rootedMachine(t, 'linux', redhat, httpd)
  const [first, ...others] = findInstallations(machine)
  t.strictSame(others, [])
  if (!first) throw new Error('it is not found')
  const apache = describeApache(machine, first)
  t.match(apache, {
    layout: 'redhat',
    label: 'Red Hat',
    version: '2.4.62',
    mpm: 'event',
    user: 'apache',
    group: 'apache',
  })
  t.strictSame(apache.control, { command: '/usr/sbin/httpd', words: [], environment: {} })
  t.equal(apache.errorLog, '/etc/httpd/logs/error_log')
  t.equal(apache.modulesFolder, '/etc/httpd/modules')
  t.equal(apache.siteFile('weixin'), '/etc/httpd/conf.d/weixin.conf')
  t.strictSame(apache.listens, [{ address: undefined, port: 80, file: '/etc/httpd/conf/httpd.conf', line: 2 }])
  t.strictSame(
    [...apache.loaded].sort(),
    ['alias', 'authz_core', 'cgid', 'core', 'env', 'headers', 'http', 'http_core', 'mpm_event', 'so'],
    'mod_cgid for this MPM, and not mod_cgi',
  )
  t.ok(apache.available.has('proxy_fcgi') && !apache.loaded.has('proxy_fcgi'))
  t.match(apache.vhosts, [
    {
      addresses: ['*:80'],
      serverName: 'shop.example.com',
      aliases: ['*.shop.example.com'],
      file: '/etc/httpd/conf.d/shop.conf',
      line: 1,
    },
  ])
  t.equal(apache.running, false)
})

t.test('of several Apaches of wamp the one in use comes first', async t => {
  const machine = rootedMachine(t, 'win32', wamp, httpd)
  const found = findInstallations(machine)
  t.strictSame(
    found.map(({ name }) => name),
    ['C:\\wamp64\\bin\\apache\\apache2.4.54.2', 'C:\\wamp64\\bin\\apache\\apache2.4.59'],
  )
  const [first] = findInstallations(machine, 'C:/wamp64')
  if (!first) throw new Error('it is not found')
  const apache = describeApache(machine, first)
  t.match(apache, { layout: 'classic', label: 'wamp', mpm: 'winnt', user: undefined, running: undefined })
  t.equal(apache.errorLog, 'C:\\wamp64\\logs\\apache_error.log')
  t.equal(apache.modulesFolder, 'C:\\wamp64\\bin\\apache\\apache2.4.54.2\\modules')
  t.equal(apache.siteFile('weixin'), 'C:\\wamp64\\bin\\apache\\apache2.4.54.2\\conf\\extra\\httpd-vhosts.conf')
  t.strictSame(
    apache.listens.map(({ port, line }) => [port, line]),
    [
      [80, 7],
      [80, 8],
    ],
  )
  t.notOk(apache.loaded.has('headers'), 'a line that is commented out loads nothing')
  t.ok(apache.available.has('headers'))
  t.match(apache.vhosts, [{ addresses: ['_default_:80'], serverName: 'localhost' }])
})

t.test("XAMPP's Apache is found, with a file for virtual hosts that it does not read", async t => {
  const machine = rootedMachine(t, 'win32', xampp, httpd)
  const [first] = findInstallations(machine)
  if (!first) throw new Error('it is not found')
  const apache = describeApache(machine, first)
  t.match(apache, { label: 'XAMPP', root: 'C:\\xampp\\apache', errorLog: 'C:\\xampp\\apache\\logs\\error.log' })
  t.strictSame(apache.configuration.files, ['C:\\xampp\\apache\\conf\\httpd.conf'])
})

t.test("Debian's variables are those of its envvars, and its modules those that a2enmod knows", async t => {
  const machine = rootedMachine(
    t,
    'linux',
    {
      '/usr/sbin/apache2': '',
      '/opt/web/envvars':
        'SUFFIX=\nexport APACHE_RUN_USER=www-data\nexport APACHE_LOG_DIR=/var/log/apache2$SUFFIX\n# export APACHE_RUN_USER=no\n',
      '/opt/web/apache2.conf':
        'User ${APACHE_RUN_USER}\nErrorLog ${APACHE_LOG_DIR}/error.log\nInclude mods-enabled/*.load\n',
      '/opt/web/sites-available/000-default.conf': '',
      '/opt/web/mods-available/cgid.load': 'LoadModule cgid_module /usr/lib/apache2/modules/mod_cgid.so\n',
      '/opt/web/mods-available/cgid.conf': '',
      '/opt/web/mods-enabled/alias.load': 'LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so\n',
    },
    () => ({ code: undefined }),
  )
  const [first] = findInstallations(machine, '/opt/web')
  if (!first) throw new Error('it is not found')
  const apache = describeApache(machine, first)
  t.match(apache, { layout: 'debian', user: 'www-data', errorLog: '/var/log/apache2/error.log', version: undefined })
  t.strictSame(apache.control, {
    command: '/usr/sbin/apache2ctl',
    words: [],
    environment: { APACHE_CONFDIR: '/opt/web' },
  })
  t.equal(apache.siteFile('shop'), '/opt/web/sites-available/shop.conf')
  t.ok(apache.loaded.has('alias') && apache.loaded.has('unixd'), 'what Debian compiles in is known without running it')
  t.ok(apache.available.has('cgid') && !apache.loaded.has('cgid'))
})

t.test('where there is none, none is found', async t => {
  t.strictSame(findInstallations(rootedMachine(t, 'linux', {})), [])
  t.strictSame(findInstallations(rootedMachine(t, 'win32', {}), 'C:/nowhere'), [])
})
