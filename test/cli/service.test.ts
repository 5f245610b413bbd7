import t, { type Test } from 'tap'
import type { Finished } from '../../src/apache/machine.ts'
import { runService } from '../../src/cli/service.ts'
import { redhat } from '../apache/layouts.ts'
import { type Files, rootedMachine } from '../apache/rooted-machine.ts'
import { projectDirectory } from '../project.ts'
import { fakeTerminal } from './fake-terminal.ts'

const systemd: Files = { ...redhat, '/run/systemd/system/x': '', '/etc/systemd/system/sshd.service': '' }
const SOCKET = '/etc/systemd/system/weixin.socket'
const SERVICE = '/etc/systemd/system/weixin.service'

function machineWith(
  t: Test,
  files: Files,
  answers: Readonly<Record<string, Partial<Finished>>> = {},
  platform: 'linux' | 'win32' = 'linux',
) {
  const machine = rootedMachine(t, platform, files, (command, [word]) => answers[`${command} ${word}`])
  return {
    machine,
    async run(...words: string[]) {
      const terminal = fakeTerminal(projectDirectory.replace(/\/$/, ''))
      const code = await runService(words, terminal, machine)
      return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n') }
    },
  }
}

t.test('the units have the paths of this machine, quoted as systemd reads them', async t => {
  const { out } = await machineWith(t, systemd).run(
    '--directory',
    '/home/微信 号/100%$',
    '--node',
    '/usr/bin/node',
    '--name',
    'shop',
    '--user',
    'anna',
  )
  t.match(out, '# /etc/systemd/system/shop.socket\n')
  t.match(out, '\nListenStream=/run/shop/shop.sock\n')
  t.match(out, '\nSocketGroup=apache\n', "Apache's own group")
  t.match(out, '\nExecStart=/usr/bin/node --max-semi-space-size=2 "/home/微信 号/100%%$$/cgi-bin/weixin"\n')
  t.match(out, '\nUser=anna\n')
  t.match(out, '\nRequires=shop.socket\n')
  t.match(out, '\nProtectHome=read-only\n', 'the project lies in a home folder')
  t.match(out, '\nStartLimitIntervalSec=0\n')
})

t.test('a project elsewhere keeps every wall, and a TCP port has no group', async t => {
  const { out } = await machineWith(t, systemd).run(
    '--directory',
    '/srv/weixin',
    '--node',
    '/usr/bin/node',
    '--listen',
    '127.0.0.1:9000',
  )
  t.match(out, '\nProtectHome=yes\n')
  t.match(out, '\nPrivateTmp=yes\n')
  t.match(out, '\nExecStart=/usr/bin/node --max-semi-space-size=2 /srv/weixin/cgi-bin/weixin\n')
  t.match(out, '\nListenStream=127.0.0.1:9000\nBacklog')
  t.notMatch(out, /Socket(Group|Mode)/)
})

t.test('installing makes the user, writes the units, and starts the socket', async t => {
  const { machine, run } = machineWith(t, systemd)
  const { code, out } = await run('--install', '--yes')
  t.equal(code, 0)
  t.match(out, 'To take it back: npx weixin service --undo')
  const folder = projectDirectory.replace(/\/$/, '')
  const changes = machine.ran.filter(line => /^(useradd|chown|systemd|systemctl)/.test(line))
  t.strictSame(changes, [
    'systemd-analyze --version',
    `useradd --system --home-dir ${folder} --no-create-home --shell /usr/sbin/nologin weixin`,
    `chown weixin: ${folder}/var`,
    `systemd-analyze verify ${SOCKET} ${SERVICE}`,
    'systemctl daemon-reload',
    'systemctl enable --now weixin.socket',
    'systemctl try-restart weixin.service',
  ])
  t.match(machine.readText(SOCKET), /^# Made by "weixin service"/)
  t.equal((await run('--undo', '--yes')).code, 0)
  t.equal(machine.readText(SOCKET), undefined)
  t.equal(machine.readText(SERVICE), undefined)
  t.equal((await run('--undo', '--yes')).code, 1)
})

t.test('what systemd refuses is put back', async t => {
  const { machine, run } = machineWith(t, systemd, { 'systemd-analyze verify': { code: 1, stderr: 'Unknown key' } })
  const { code, err } = await run('--install', '--yes')
  t.equal(code, 1)
  t.match(err, /Unknown key\nEverything is as it was\.$/)
  t.equal(machine.readText(SOCKET), undefined)
  t.ok(machine.ran.includes('userdel weixin'))
})

t.test('without systemd it says what else there is', async t => {
  await t.rejects(machineWith(t, redhat).run('--install'), {
    message: /^systemd does not run this machine; weixin vhost --way fcgid/,
  })
})

t.test('Windows gets commands for the Task Scheduler and for NSSM', async t => {
  const { code, out } = await machineWith(t, {}).run(
    '--windows',
    '--directory',
    'd:/wamp64/www/微信 号',
    '--node',
    'C:/Program Files/nodejs/node.exe',
  )
  t.equal(code, 0)
  t.match(
    out,
    'schtasks /Create /F /TN "weixin" /SC ONSTART /RU "NT AUTHORITY\\LOCAL SERVICE" /TR "\\"C:\\Program Files\\nodejs\\node.exe\\" \\"d:\\wamp64\\www\\微信 号\\dist\\cli.js\\" serve --listen 127.0.0.1:9000"\n',
  )
  t.match(out, '-ExecutionTimeLimit ([TimeSpan]::Zero)', 'or Windows ends it after three days')
  t.match(out, 'nssm install weixin "C:\\Program Files\\nodejs\\node.exe" dist\\cli.js serve --listen 127.0.0.1:9000\n')
  t.match(out, 'icacls "d:\\wamp64\\www\\微信 号\\var" /grant "*S-1-5-19:(OI)(CI)M"\n')
  const long = await machineWith(t, {}, {}, 'win32').run(
    '--directory',
    `d:/${'长'.repeat(240)}`,
    '--node',
    'C:/node.exe',
  )
  t.match(long.out, 'rem schtasks takes 261 characters')
})
