import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { checkout } from '../cli/weixin.ts'
import { copySnapshot, projectDirectory, SNAPSHOT } from '../project.ts'

const skip = process.platform !== 'linux' && 'the launcher uses snapshots on Linux'

/** A built checkout whose bundle answers 500: only what comes from the snapshot is an answer. */
function prepare(t: Test): string {
  const directory = checkout(t)
  copySnapshot(directory)
  fs.mkdirSync(path.join(directory, 'var'), { mode: 0o700 })
  fs.appendFileSync(path.join(directory, 'dist', 'responder.cjs'), "\nthrow new Error('this is the bundle')\n")
  return directory
}

/** As Apache starts it: what the test runner adds to the environment of every child is taken away again. */
function startLauncher(script: string, { cwd = '/', env }: { cwd?: string; env: Readonly<Record<string, string>> }) {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  return spawnSync('env', ['-i', ...variables, script], { cwd, encoding: 'utf8' })
}

/** The access check, through the launcher as Apache starts it: what is echoed, or else the log. */
function ask(directory: string, environment: Readonly<Record<string, string>> = {}): string {
  const [timestamp, nonce] = [String(Math.floor(Date.now() / 1000)), '7']
  const signature = createHash('sha1').update(['t', timestamp, nonce].sort().join('')).digest('hex')
  const { stdout, stderr } = startLauncher(path.join(directory, 'cgi-bin', 'weixin'), {
    env: {
      PATH: '/usr/bin:/bin',
      GATEWAY_INTERFACE: 'CGI/1.1',
      REQUEST_METHOD: 'GET',
      QUERY_STRING: `signature=${signature}&timestamp=${timestamp}&nonce=${nonce}&echostr=echoed`,
      WEIXIN_TOKEN: 't',
      ...environment,
    },
  })
  return stdout.split('\r\n\r\n')[1] === 'echoed' ? 'echoed' : stderr
}

t.test('a message is answered from the snapshot, and its log and store are those of the folder', { skip }, async t => {
  const directory = prepare(t)
  t.equal(ask(directory), 'echoed')
  t.match(ask(directory, { WEIXIN_TOKEN: '' }), /WEIXIN_TOKEN/)
  t.equal(ask(directory, { WEIXIN_STORE: 'redis://127.0.0.1:1' }), 'echoed')
})

t.test('a build leaves nothing behind of the message that it warms up with', { skip }, async t => {
  const directory = prepare(t)
  t.equal(ask(directory), 'echoed')
  t.notOk(fs.existsSync(path.join(directory, 'var', 'messages')))
  t.strictSame(
    fs.readdirSync(path.join(projectDirectory, 'dist')).filter(name => name.startsWith('warm-up-')),
    [],
  )
})

const misfits: Readonly<Record<string, (directory: string) => Readonly<Record<string, string>> | undefined>> = {
  'the snapshot was cut short': directory => {
    fs.truncateSync(path.join(directory, SNAPSHOT), 100_000)
  },
  'the snapshot is of another time': directory => {
    fs.utimesSync(path.join(directory, SNAPSHOT), 1, 1)
  },
  'the snapshot is gone': directory => {
    fs.rmSync(path.join(directory, SNAPSHOT))
  },
  'Node was upgraded': directory => {
    const node = path.join(directory, 'node')
    fs.copyFileSync(process.execPath, node)
    fs.writeFileSync(path.join(directory, 'dist', 'node'), `${node}\n`)
  },
  'Node is to be started with options': () => ({ NODE_OPTIONS: '--max-old-space-size=200' }),
}

for (const [what, happen] of Object.entries(misfits)) {
  t.test(`the bundle answers when ${what}`, { skip }, async t => {
    const directory = prepare(t)
    t.equal(ask(directory), 'echoed')
    const environment = happen(directory) ?? {}
    t.match(ask(directory, environment), /^weixin error: Error: this is the bundle\n/)
  })
}

t.test('the bundle answers when Node refuses the snapshot, as it does on another processor', { skip }, async t => {
  const directory = prepare(t)
  const node = path.join(directory, 'node')
  // With one more of V8's options nothing fits that was made without it.
  const other = `#!/bin/sh\nexec "${process.execPath}" --no-opt "$@"\n`
  fs.writeFileSync(node, other, { mode: 0o755 })
  spawnSync('touch', ['-r', path.join(directory, SNAPSHOT), node])
  fs.writeFileSync(path.join(directory, 'dist', 'node'), `${node}\n`)
  t.match(ask(directory), /different version of V8[\s\S]*\nweixin error: Error: this is the bundle\n/)
})

t.test('without any Node the answer is a neutral 500, and the log says what to do', { skip }, async t => {
  const directory = prepare(t)
  fs.writeFileSync(path.join(directory, 'dist', 'node'), '/nowhere/node\n')
  const { status, stdout, stderr } = spawnSync('/bin/sh', [path.join(directory, 'cgi-bin', 'weixin')], {
    env: { PATH: '/nowhere', REQUEST_METHOD: 'GET' },
    encoding: 'utf8',
  })
  t.equal(status, 127)
  t.match(stdout, /^Status: 500 /)
  t.match(stderr, /^weixin error: there is no Node at "\/nowhere\/node".*npm run build\n$/)
})

t.test('the script can be started by a link, and from its own folder', { skip }, async t => {
  const directory = prepare(t)
  const link = path.join(directory, 'weixin.cgi')
  fs.symlinkSync(path.join(directory, 'cgi-bin', 'weixin'), link)
  const env = { PATH: '/usr/bin:/bin', REQUEST_METHOD: 'GET', WEIXIN_TOKEN: 't' }
  const run = (script: string, cwd: string) => startLauncher(script, { cwd, env })
  t.match(run(link, '/').stdout, /^Status: 40/)
  t.match(run('./weixin', path.join(directory, 'cgi-bin')).stdout, /^Status: 40/)
})
