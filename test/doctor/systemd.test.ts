import t, { type Test } from 'tap'
import { checks } from '../../src/doctor/checks/index.ts'
import { examine } from '../../src/doctor/examine.ts'
import type { Patient } from '../../src/doctor/patient.ts'
import type { World } from '../../src/doctor/world.ts'
import type { Programs } from '../apache/rooted-machine.ts'
import { patientWith } from './patients.ts'

const SOCKET = '/run/weixin/weixin.sock'

/** Behind Apache a service on a TCP port that somebody listens on, which systemd runs. */
function patientUnderSystemd(
  t: Test,
  programs: Programs,
  backend = 'fcgi://127.0.0.1:9000/',
  world: Partial<World> = {},
): Patient {
  const conf = `ServerRoot "/etc/httpd"
Listen 80
<VirtualHost *:80>
ServerName weixin.example.com
DocumentRoot "/srv/weixin/apache/static"
ProxyPass / "${backend}"
</VirtualHost>
`
  const files = {
    '/run/systemd/system/x': '',
    '/etc/httpd/conf/httpd.conf': conf,
    '/etc/httpd/conf.d/welcome.conf': '',
    [SOCKET]: '',
  }
  return patientWith(t, 'linux', files, { connect: async () => undefined, ...world }, programs)
}

async function told(patient: Patient, name: string): Promise<string[]> {
  const asked = checks.filter(check => check.name === name).map(check => ({ ...check, needs: [] }))
  const results = await examine(asked, patient)
  return results.map(({ state, saw, todo }) => `${state}: ${saw.en}${todo ? ` → ${todo.en}` : ''}`)
}

/** What `systemctl show` says of the unit, and what the journal holds. */
const failing =
  (status: string, journal = ''): Programs =>
  (command, [word = '']) =>
    command === 'journalctl'
      ? { stdout: journal }
      : word === 'show'
        ? { stdout: `ActiveState=activating\nSubState=auto-restart\nExecMainStatus=${status}\n` }
        : undefined

t.test('a service that ends again and again is named, although its socket takes connections', async t => {
  t.strictSame(await told(patientUnderSystemd(t, failing('203')), 'service'), [
    'failure: weixin.service does not start (203): the program of ExecStart= is not there, or may not be run → weixin service --install writes the unit anew',
  ])
  t.match(await told(patientUnderSystemd(t, failing('217')), 'service'), [/the user of User= is not there/])
  const line = 'weixin error: cannot read /srv/weixin/weixin.config.json: EACCES; permitted: a JSON file'
  t.match(await told(patientUnderSystemd(t, failing('2', `weixin info: listening\n${line}\n`)), 'service'), [
    /^failure: weixin\.service ends again and again \(2\): weixin error: cannot read .*→ give it to the user of the script or service/,
  ])
  const running: Programs = (_, [word]) =>
    word === 'show' ? { stdout: 'ActiveState=active\nSubState=running\nExecMainStatus=0\n' } : undefined
  t.strictSame(await told(patientUnderSystemd(t, running), 'service'), ['ok: it listens on 127.0.0.1:9000'])
})

t.test('when nobody answers, it is the service that is named, and not a time-out', async t => {
  const ask = async () => 'TIMEOUT'
  t.match(await told(patientUnderSystemd(t, failing('226'), undefined, { ask }), 'echo'), [
    /^failure: weixin\.service does not start \(226\): a folder of ReadWritePaths= is not there, or this container forbids/,
  ])
})

t.test('a socket that is not there after the next boot is a warning', async t => {
  const disabled: Programs = (_, [word]) => (word === 'is-enabled' ? { code: 1, stdout: 'disabled\n' } : undefined)
  t.match(await told(patientUnderSystemd(t, disabled), 'service'), [
    'ok: it listens on 127.0.0.1:9000',
    'warning: weixin.socket is not enabled: after the next boot it does not listen → systemctl enable weixin.socket',
  ])
})

t.test('what the journal says from the first look on is new, whatever it held before', async t => {
  const seen: string[] = []
  const programs: Programs = (command, words) => {
    if (command !== 'journalctl') return undefined
    const cursor = words.find(word => word.startsWith('--after-cursor='))
    seen.push(cursor ?? 'first')
    return { stdout: cursor ? 'new\n-- cursor: s=2\n' : 'old\n-- cursor: s=1;b=x\n' }
  }
  const log = patientUnderSystemd(t, programs).log()
  t.equal(log.before, 'old\n')
  t.equal(log.since(), 'new\n')
  t.strictSame(seen, ['first', '--after-cursor=s=1;b=x'])
  const empty = patientUnderSystemd(t, () => undefined).log()
  t.equal(empty.before, '')
})

t.test('the name in the URL has to lead to an address that can be reached from outside', async t => {
  const at = async (lookUp: World['lookUp']) =>
    told(
      patientUnderSystemd(t, () => undefined, undefined, { lookUp }),
      'outside',
    )
  t.match(await at(async () => ['203.0.113.7']), [/^ok: weixin\.example\.com is 203\.0\.113\.7; ports 80 and 443/])
  t.match(await at(async () => ['10.1.2.3']), [/^warning: .* is 10\.1\.2\.3, which nobody outside can reach/])
  t.match(await at(async () => ['127.0.1.1']), [/^skipped: .*hosts file/])
  t.match(await at(async () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }))), [
    /^warning: weixin\.example\.com cannot be resolved here \(ENOTFOUND\) → give the name an A record/,
  ])
})
