import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import type { Finished } from '../../src/apache/machine.ts'
import { runVhost } from '../../src/cli/vhost.ts'
import { redhat, wamp, xampp } from '../apache/layouts.ts'
import { type Files, rootedMachine } from '../apache/rooted-machine.ts'
import { projectDirectory } from '../project.ts'
import { fakeTerminal } from './fake-terminal.ts'

const WAMP_VHOSTS = 'C:/wamp64/bin/apache/apache2.4.54.2/conf/extra/httpd-vhosts.conf'
const SITE = '/etc/httpd/conf.d/weixin.conf'
const HOST = 'weixin.example.com'

interface Situation {
  readonly platform?: 'linux' | 'win32'
  readonly answers?: readonly string[]
  /** What `httpd -t` says, the first time, the second time … */
  readonly checks?: readonly Partial<Finished>[]
  readonly version?: string
}

/** A machine with an Apache, and the command on it. */
function machineWith(
  t: Test,
  files: Files,
  { platform = 'linux', answers, checks = [], version = '2.4.62' }: Situation = {},
) {
  const left = [...checks]
  const machine = rootedMachine(
    t,
    platform,
    {
      ...files,
      [`${projectDirectory}cgi-bin/weixin`]: "\uFEFF#!/bin/sh\r\n'use strict'\r\n",
      [`${projectDirectory}apache/static/index.txt`]: '',
      [`${projectDirectory}dist/responder.cjs`]: '',
    },
    (_command, words) => {
      if (words[0] === '-v') return { stdout: `Server version: Apache/${version}` }
      return words.at(-1) === '-t' ? left.shift() : undefined
    },
  )
  return {
    machine,
    async run(...words: string[]) {
      const terminal = fakeTerminal(projectDirectory.replace(/\/$/, ''), answers)
      const code = await runVhost(words, terminal, machine)
      return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n'), asked: terminal.asked }
    },
  }
}

const broken: Partial<Finished> = { code: 1, stderr: 'AH00526: Syntax error on line 7' }

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

t.test('Red Hat gets one file in conf.d, which loads what is missing, and loses it again', async t => {
  const { machine, run } = machineWith(t, redhat)
  const { code, out } = await run(HOST, '--install', '--yes', '--way', 'tcp')
  t.equal(code, 0)
  t.match(out, `write ${SITE}`)
  t.match(out, 'Apache is not running; start it: systemctl start httpd')
  const text = machine.readText(SITE) ?? ''
  t.match(text, 'LoadModule proxy_module "/etc/httpd/modules/mod_proxy.so"')
  t.notMatch(text, 'LoadModule headers_module', 'that one is loaded')
  t.match((await run(HOST, '--install', '--yes', '--way', 'tcp')).out, /^Everything is installed already\.\n/)
  t.equal((await run('--undo', '--yes')).code, 0)
  t.equal(machine.readText(SITE), undefined)
  t.match(await run('--undo', '--yes'), { code: 1, out: 'there is no site weixin that weixin vhost has installed' })
})

t.test('a block that is changed keeps the one of before beside it, with what was written into it by hand', async t => {
  const { machine, run } = machineWith(t, redhat)
  await run(HOST, '--install', '--yes', '--way', 'tcp')
  const edited = `${machine.readText(SITE)?.replace('Timeout 20', 'Timeout 60')}`
  machine.writeText(SITE, edited)
  t.match((await run(HOST, '--install', '--yes', '--way', 'tcp')).out, `write ${SITE}.before`)
  t.equal(machine.readText(`${SITE}.before`), edited)
  t.notMatch(machine.readText(SITE), 'Timeout 60')
})

t.test('a new module with a process of its own makes Apache start anew, any other a graceful reload', async t => {
  const running = {
    ...redhat,
    '/etc/httpd/modules/mod_fcgid.so': '',
    '/run/httpd/httpd.pid': '77',
    '/proc/77/comm': 'httpd',
  }
  const takes = async (way: string) =>
    (await machineWith(t, running, { answers: ['n'] }).run(HOST, '--install', '--way', way)).out
  t.match(await takes('fcgid'), 'stop and start Apache (the new module needs it)')
  t.match(await takes('tcp'), 'reload Apache (graceful)')
})

t.test(
  'where systemd runs, the service that the block leads to is installed as well, after a question of its own',
  async t => {
    const systemd = { ...redhat, '/run/systemd/system/x': '', '/etc/systemd/system/x': '' }
    const yes = machineWith(t, systemd, { answers: ['y', 'y'] })
    const { code, out, asked } = await yes.run(HOST, '--install', '--name', 'wx')
    t.match({ code, asked }, { code: 0, asked: ['Do this? [y/N] ', 'Do this? [y/N] '] })
    t.ok(yes.machine.ran.includes('systemctl enable --now wx.socket'))
    t.match(out, '\nTo take it back: npx weixin vhost --undo --name wx')
    const no = machineWith(t, systemd, { answers: ['y', 'n'] })
    t.equal((await no.run(HOST, '--install', '--way', 'tcp')).code, 1)
    t.ok(no.machine.readText(SITE))
    t.notOk(no.machine.ran.some(line => line.startsWith('systemctl enable')))
    const elsewhere = machineWith(t, systemd, { answers: ['y'] })
    t.equal((await elsewhere.run(HOST, '--install', '--way', 'tcp', '--backend', '10.0.0.2:9000')).code, 0)
  },
)

t.test('as CGI the script is mended, finds node, and gets the right to be run', async t => {
  const { machine, run } = machineWith(t, redhat)
  const script = `${projectDirectory}cgi-bin/weixin`
  await run(HOST, '--install', '--yes', '--way', 'cgi', '--node', '/opt/my node/bin/node')
  t.equal(machine.readText(script), "#!/bin/sh\n'use strict'\n", 'no byte order mark, no carriage returns')
  t.equal(machine.readText(`${projectDirectory}dist/node`), '/opt/my node/bin/node\n')
  t.equal(machine.status(script)?.mode, 0o755)
  t.ok(machine.ran.includes(`chown apache: ${projectDirectory}var`), 'the state belongs to whom Apache runs scripts as')
})

t.test('the node that the build found is kept where it is still there', async t => {
  const files = { ...redhat, [`${projectDirectory}dist/node`]: '/opt/node 22/bin/node\n' }
  const { machine, run } = machineWith(t, { ...files, '/opt/node 22/bin/node': '' })
  await run(HOST, '--install', '--yes', '--way', 'cgi')
  t.equal(machine.readText(`${projectDirectory}dist/node`), '/opt/node 22/bin/node\n')
  const gone = machineWith(t, files)
  await gone.run(HOST, '--install', '--yes', '--way', 'cgi', '--node', '/usr/bin/node')
  t.equal(gone.machine.readText(`${projectDirectory}dist/node`), '/usr/bin/node\n')
})

t.test("wamp's file of virtual hosts keeps what is in it", async t => {
  const { machine, run } = machineWith(t, wamp, { platform: 'win32' })
  const { out } = await run(HOST, '--install', '--yes', '--way', 'cgi', '--node', 'C:\\Program Files\\nodejs\\node.exe')
  t.match(out, "Restart Apache now (wamp's own menu, or its service).")
  const text = machine.readText(WAMP_VHOSTS) ?? ''
  t.ok(text.startsWith(wamp[WAMP_VHOSTS] ?? '-'))
  t.match(text, 'LoadModule headers_module "C:/wamp64/bin/apache/apache2.4.54.2/modules/mod_headers.so"')
  t.notMatch(text, /[^\r]\n/, 'in its own line ends')
  t.equal(machine.readText(`${projectDirectory}cgi-bin/weixin`), `#!"C:/Program Files/nodejs/node.exe"\n'use strict'\n`)
  t.match(
    (await run(HOST, '--install', '--yes', '--way', 'cgi', '--node', 'C:\\Program Files\\nodejs\\node.exe')).out,
    /^Everything is/,
  )
  await run('--undo', '--yes')
  t.equal(machine.readText(WAMP_VHOSTS), wamp[WAMP_VHOSTS])
})

t.test('where the file of virtual hosts is not read, the block goes into httpd.conf', async t => {
  const { machine, run } = machineWith(t, xampp, { platform: 'win32' })
  await run(HOST, '--install', '--yes')
  t.match(machine.readText('C:/xampp/apache/conf/httpd.conf'), '# BEGIN weixin-cgi weixin')
})

t.test('an Apache that is broken already is left alone', async t => {
  const { machine, run } = machineWith(t, redhat, { checks: [broken] })
  await t.rejects(run(HOST, '--install', '--yes'), {
    message: /refuses the configuration .*\nAH00526: Syntax error on line 7$/,
  })
  t.equal(machine.readText(SITE), undefined)
})

t.test('when Apache refuses the result, everything is put back', async t => {
  const files = { ...wamp }
  const { machine, run } = machineWith(t, files, { platform: 'win32', checks: [{ code: 0 }, broken] })
  const script = machine.readText(`${projectDirectory}cgi-bin/weixin`)
  const { code, err } = await run(HOST, '--install', '--yes', '--way', 'cgi')
  t.equal(code, 1)
  t.match(err, /AH00526: Syntax error on line 7\nEverything is as it was\.$/)
  t.equal(machine.readText(WAMP_VHOSTS), wamp[WAMP_VHOSTS])
  t.equal(machine.readText(`${projectDirectory}cgi-bin/weixin`), script)
})

t.test('nothing is done without consent', async t => {
  const no = machineWith(t, redhat, { answers: ['n'] })
  t.equal((await no.run(HOST, '--install')).code, 1)
  t.equal(no.machine.readText(SITE), undefined)
  await t.rejects(machineWith(t, redhat).run(HOST, '--install'), { message: 'nobody is there to confirm; say --yes' })
  const yes = machineWith(t, redhat, { answers: ['y'] })
  t.match(await yes.run(HOST, '--install'), { code: 0, asked: ['Do this? [y/N] '] })
  t.ok(yes.machine.readText(SITE))
})

t.test('without the rights it says sudo before anything else', async t => {
  const { machine, run } = machineWith(t, redhat)
  const { uid = 0 } = machine.status('/etc/httpd/conf.d') ?? {}
  const somebody = { ...machine, userId: uid + 1 }
  const terminal = fakeTerminal(projectDirectory.replace(/\/$/, ''))
  await t.rejects(runVhost([HOST, '--install', '--yes'], terminal, somebody), {
    message: '/etc/httpd/conf.d belongs to somebody else: run it with sudo',
  })
  t.equal((await run(HOST)).code, 0, 'printing needs none')
})

t.test('a file of that name which is not ours is not touched', async t => {
  const { run } = machineWith(t, { ...redhat, [SITE]: '# somebody else' })
  await t.rejects(run(HOST, '--install', '--yes'), {
    message: /was not made by weixin vhost; move it away, or choose another --name$/,
  })
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
