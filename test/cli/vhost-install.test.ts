import t from 'tap'
import { redhat, wamp, xampp } from '../apache/layouts.ts'
import { projectDirectory } from '../project.ts'
import { HOST, machineWith, SITE, WAMP_VHOSTS } from './vhost-machine.ts'

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
