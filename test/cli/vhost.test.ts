import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { redhat, wamp, xampp } from '../apache/layouts.ts'
import type { Files } from '../apache/rooted-machine.ts'
import { projectDirectory } from '../project.ts'
import { HOST, machineWith, SITE, type Situation } from './vhost-machine.ts'

t.test('without --install the block is printed alone, and everything else is said beside it', async t => {
  const { machine, run } = machineWith(t, redhat)
  const { code, out, err } = await run(HOST)
  t.equal(code, 0)
  t.match(
    out,
    /^# BEGIN weixin-cgi weixin\n[\s\S]*\n {4}ServerName weixin\.example\.com\n[\s\S]*\n# END weixin-cgi weixin$/,
  )
  t.match(err, 'Apache 2.4.62, Red Hat (/etc/httpd), MPM event')
  t.equal(machine.readText(SITE), undefined)
})

t.test('the best way that is possible is chosen, and the reason said', async t => {
  const chosen = async (files: Files, situation: Situation = {}) =>
    /^Way: (\w+)/m.exec((await machineWith(t, files, situation).run(HOST)).err)?.[1]
  const systemd: Record<string, string> = { ...redhat, '/run/systemd/system/x': '' }
  const { '/etc/httpd/modules/mod_proxy_fcgi.so': _, ...withoutProxy } = systemd
  t.equal(await chosen(systemd), 'unix')
  t.equal(await chosen(systemd, { version: '2.4.6' }), 'tcp', 'an Apache that knows no unix sockets')
  t.equal(await chosen(withoutProxy), 'cgi')
  t.equal(await chosen({ ...redhat, '/etc/httpd/modules/mod_fcgid.so': '' }), 'fcgid', 'without systemd')
  t.equal(await chosen(wamp, { platform: 'win32' }), 'tcp')
  t.equal(await chosen(xampp, { platform: 'win32' }), 'cgi')
  t.match((await machineWith(t, systemd).run(HOST)).err, 'systemd keeps the socket open, so a restart loses no message')
})

t.test('a way that is not possible is refused with the reason', async t => {
  await t.rejects(machineWith(t, redhat).run(HOST, '--way', 'fcgid'), {
    message:
      'the way fcgid is not possible here: mod_fcgid is not installed (apt-get install libapache2-mod-fcgid; dnf install mod_fcgid)',
  })
  await t.rejects(machineWith(t, wamp, { platform: 'win32' }).run(HOST, '--way', 'fcgid'), {
    message: /mod_fcgid cannot run Node on Windows/,
  })
  await t.rejects(machineWith(t, redhat).run(HOST, '--way', 'telnet'), { message: /permitted: cgi, fcgid, unix, tcp/ })
})

t.test('what would keep WeChat away is said', async t => {
  const { run } = machineWith(t, {
    ...redhat,
    '/sys/fs/selinux/enforce': '1',
    '/etc/httpd/conf.d/a.conf': `<VirtualHost *:80>\nServerName ${HOST}\n</VirtualHost>`,
  })
  const { err } = await run(HOST, '--port', '8080', '--way', 'tcp')
  t.match(err, 'Note: WeChat calls port 80 and 443 only, not 8080')
  t.match(err, 'Note: Apache does not listen on port 8080 yet; the block says so')
  t.match(err, 'Note: SELinux is enforcing; Apache may need: setsebool -P httpd_can_network_connect 1')
  t.match(
    (await run(HOST)).err,
    'In the way: /etc/httpd/conf.d/a.conf:1: another virtual host has the name weixin.example.com',
  )
})

t.test('the host may be a whole URL, or Chinese', async t => {
  const { run } = machineWith(t, redhat)
  t.match((await run('https://wx.example.com/shop?x')).out, '\n    ServerName wx.example.com\n')
  t.match((await run('微信.中国')).out, '\n    ServerName xn--vuqz89a.xn--fiqs8s\n')
  await t.rejects(run('two words'), { message: 'two words is not a host: weixin.example.com' })
})

t.test('--windows prints for a Windows machine from any other', async t => {
  const { run } = machineWith(t, {})
  const node = 'C:/Program Files/nodejs/node.exe'
  const { out, err } = await run(
    HOST,
    '--windows',
    '--way',
    'cgi',
    '--directory',
    'd:\\wamp\\www\\微信 号',
    '--node',
    node,
  )
  t.match(out, '    ScriptAlias / "d:/wamp/www/微信 号/cgi-bin/weixin/"')
  t.match(err, '  #!"C:/Program Files/nodejs/node.exe"')
  await t.rejects(run(HOST, '--windows', '--install'), { message: /prints a block for another machine/ })
  await t.rejects(run(HOST, '--windows', '--way', 'unix'), { message: /no unix sockets for Apache on Windows/ })
})

t.test('what belongs together must be there together', async t => {
  const { run } = machineWith(t, redhat)
  await t.rejects(run(HOST, '--port', '443'), { message: /needs --certificate FILE and --key FILE/ })
  await t.rejects(run(HOST, '--certificate', 'c.pem'), { message: '--certificate and --key belong together' })
  await t.rejects(run(HOST, '--name', '../x'), { message: /small letters, digits, - and _ are permitted/ })
  await t.rejects(run(HOST, '--backend', 'nowhere'), { message: '--backend nowhere: host:port is permitted' })
  await t.rejects(machineWith(t, {}).run(HOST), { message: /^there is no Apache on this machine: install it/ })
})

t.test('every shipped configuration is one that a way uses', async t => {
  const { run } = machineWith(t, {
    ...redhat,
    ...Object.fromEntries(
      ['fcgid', 'proxy_balancer', 'slotmem_shm', 'watchdog', 'lbmethod_byrequests', 'proxy_hcheck'].map(name => [
        `/etc/httpd/modules/mod_${name}.so`,
        '',
      ]),
    ),
  })
  for (const way of ['cgi', 'fcgid', 'unix', 'tcp']) t.equal((await run(HOST, '--way', way)).code, 0)
  t.match(
    (await run(HOST, '--way', 'balancer', '--backend', '10.0.0.1:9000')).out,
    'BalancerMember "fcgi://10.0.0.1:9000"',
  )
  await t.rejects(run(HOST, '--way', 'balancer'), { message: /needs --backend HOST:PORT/ })
  t.equal(fs.readdirSync(path.join(projectDirectory, 'apache')).filter(name => name.endsWith('.conf')).length, 6)
})
