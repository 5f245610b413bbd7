import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { thisMachine } from '../../src/apache/machine.ts'
import { portHolders } from '../../src/apache/port.ts'
import { weixin } from '../cli/weixin.ts'
import { type Deployment, deploy, freePort, requireApache, startResponder } from './deployment.ts'
import { exchange, signed } from './wire.ts'

const TOKEN = 'kapokTree2031'
const HOST = 'weixin.example.com'

/** Only root may change what Debian's tools change; the Apache under test is a copy all the same. */
const possible = requireApache(t) !== undefined && process.getuid?.() === 0 && fs.existsSync('/etc/apache2/envvars')
if (!possible) t.comment('skipped: it needs Debian’s Apache and root')

/** A copy of Debian's own configuration on a loopback port, with a second site in it, running. */
async function startDebian(
  t: Test,
): Promise<{ readonly root: string; readonly port: number; readonly environment: Record<string, string> }> {
  const folder = t.testdir()
  // Outside the checkout: apache2ctl takes no blanks, and Apache's user must get in.
  const root = fs.mkdtempSync('/tmp/weixin-apache-')
  fs.chmodSync(root, 0o755)
  fs.cpSync('/etc/apache2', root, { recursive: true, verbatimSymlinks: true })
  const port = await freePort()
  edit(path.join(root, 'ports.conf'), text => text.replace('Listen 80', `Listen 127.0.0.1:${port}`))
  edit(path.join(root, 'sites-available', '000-default.conf'), text => text.replace('*:80', `*:${port}`))
  fs.mkdirSync(path.join(root, 'log'))
  edit(path.join(root, 'envvars'), text =>
    text.replace(/\/var\/(run|lock|log)\/apache2\$SUFFIX/g, (_, name) => `${root}/${name}`),
  )
  const environment = { APACHE_CONFDIR: root, APACHE_STATE_DIRECTORY: folder, PATH: process.env['PATH'] ?? '' }
  const control = (word: string) =>
    execFileSync('/usr/sbin/apache2ctl', ['-k', word], { env: environment, stdio: 'pipe' })
  const ended = async () => {
    control('stop')
    while (portHolders(thisMachine({}), port).length > 0) await new Promise(resolve => setTimeout(resolve, 20))
    fs.rmSync(root, { recursive: true, force: true })
  }
  control('start')
  t.teardown(ended)
  return { root, port, environment }
}

function edit(file: string, change: (text: string) => string): void {
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')))
}

/** A deployment in a folder with a blank and Chinese characters. */
function deployIn(t: Test): Deployment {
  const { directory, scratch } = deploy(t, { token: TOKEN })
  const moved = path.join(scratch, '微信 号')
  fs.renameSync(directory, moved)
  fs.cpSync(path.join(import.meta.dirname, '..', '..', 'cli.js'), path.join(moved, 'dist', 'cli.js'))
  return { directory: moved, scratch }
}

async function statusAndBody(port: number, target: string, host = HOST): Promise<string> {
  const answer = await exchange(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  return `${answer.statusLine.slice(9, 12)} ${answer.headers['Content-Length']} ${answer.body}`
}

/** Apache takes a graceful reload over within a moment; until then the old configuration answers. */
async function eventually(expected: RegExp, look: () => Promise<string>): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const seen = await look().catch(String)
    if (expected.test(seen)) return seen
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return look()
}

if (possible) {
  t.test('an installed virtual host answers in every way, and is gone without a trace', async t => {
    const { root, port, environment } = await startDebian(t)
    const deployment = deployIn(t)
    const { directory } = deployment
    const before = listing(root)
    const backend = `127.0.0.1:${await freePort()}`
    const command = (...words: string[]) =>
      weixin(directory, ['vhost', ...words, '--apache', root, '--yes'], environment)
    const echo = () => statusAndBody(port, `/?${signed(TOKEN)}&echostr=5838479218127813673`)
    await startResponder(t, deployment, backend)

    for (const way of ['fcgid', 'tcp', 'cgi']) {
      const install = [HOST, '--install', '--way', way, '--port', String(port), '--backend', backend]
      const installed = await command(...install)
      t.equal(installed.code, 0, `${way}: ${installed.stderr}`)
      t.equal(await eventually(/^200/, echo), '200 19 5838479218127813673', way)
      t.match(await statusAndBody(port, '/weixin.config.json'), /^403/, 'nothing private is served')
      t.match(await statusAndBody(port, '/', 'other.example.com'), /^200/, 'the other site answers as before')
      const again = await command(...install)
      t.match(again.stdout, /^Everything is installed already\./, 'once is enough')
      t.notMatch(again.stderr, /In the way|Warning/, 'our own block is not in our way')
      t.equal((await command('--undo')).code, 0)
      t.strictSame(listing(root), before)
    }
  })

  t.test('a port that Apache listens on for our block alone stays in the block', async t => {
    const { root, environment } = await startDebian(t)
    const { directory } = deployIn(t)
    const words = ['vhost', HOST, '--install', '--way', 'cgi', '--port', String(await freePort())]
    const command = () => weixin(directory, [...words, '--apache', root, '--yes'], environment)
    t.equal((await command()).code, 0)
    t.match((await command()).stdout, /^Everything is installed already\./)
  })

  t.test('with the service on a unix socket weixin send gets its echo', async t => {
    const { root, port, environment } = await startDebian(t)
    const deployment = deployIn(t)
    const { directory } = deployment
    // Where systemd would have it.
    const name = `weixin-${port}`
    const folder = `/run/${name}`
    fs.mkdirSync(folder, { mode: 0o755 })
    t.teardown(() => fs.rmSync(folder, { recursive: true, force: true }))
    await startResponder(t, deployment, `${folder}/${name}.sock`)
    const words = ['vhost', 'localhost', '--install', '--way', 'unix', '--port', String(port), '--name', name]
    const installed = await weixin(directory, [...words, '--apache', root, '--yes'], environment)
    t.equal(installed.code, 0, installed.stderr)
    const sent = () => weixin(directory, ['send', 'echo', '--url', `http://localhost:${port}/`])
    const shown = await eventually(/\n200 {2}text\/plain/, async () => (await sent()).stdout)
    t.match(shown, /\n200 {2}text\/plain; charset=utf-8 {2}\d+ bytes {2}/)
  })

  t.test('what Apache refuses is taken back, modules and all', async t => {
    const { root, port, environment } = await startDebian(t)
    const { directory } = deployIn(t)
    edit(path.join(directory, 'apache', 'debian-cgi.conf'), text => text.replace('TraceEnable off', 'TraceEnabled off'))
    const before = listing(root)
    const words = ['vhost', HOST, '--install', '--way', 'cgi', '--port', String(port), '--apache', root, '--yes']
    const { code, stderr } = await weixin(directory, words, environment)
    t.equal(code, 1)
    t.match(stderr, /Invalid command 'TraceEnabled'[\s\S]*\nEverything is as it was\.\n$/)
    t.strictSame(listing(root), before)
    t.match(fs.readFileSync(path.join(directory, 'cgi-bin', 'weixin'), 'utf8'), /^#!\/bin\/sh\n/)
  })
}

/** Every file of a configuration, without what a running Apache keeps there. */
function listing(root: string): string[] {
  const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' })
  return names.filter(name => !/^(run|lock|log)/.test(name)).sort()
}
