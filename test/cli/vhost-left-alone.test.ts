import t from 'tap'
import type { Finished } from '../../src/apache/machine.ts'
import { runVhost } from '../../src/cli/vhost.ts'
import { redhat, wamp } from '../apache/layouts.ts'
import { projectDirectory } from '../project.ts'
import { fakeTerminal } from './fake-terminal.ts'
import { HOST, machineWith, SITE, WAMP_VHOSTS } from './vhost-machine.ts'

const broken: Partial<Finished> = { code: 1, stderr: 'AH00526: Syntax error on line 7' }

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
