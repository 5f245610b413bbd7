import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { checkout } from '../cli/weixin.ts'
import { projectDirectory, SNAPSHOT } from '../project.ts'

const skip = process.platform !== 'linux' && 'the launcher uses snapshots on Linux'
const BLOB = path.join('dist', 'responder.blob')

/** A built checkout whose bundle answers 500: only what comes from the snapshot is an answer. */
function prepare(t: Test, { noted = true } = {}): string {
  const directory = checkout(t)
  for (const file of SNAPSHOT) {
    fs.copyFileSync(path.join(projectDirectory, file), path.join(directory, file))
  }
  fs.mkdirSync(path.join(directory, 'var'), { mode: 0o700 })
  if (noted) {
    ask(directory)
    fs.appendFileSync(path.join(directory, 'dist', 'responder.cjs'), "\nthrow new Error('this is the bundle')\n")
  }
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

t.test('the first answer comes from the bundle, and the next one from the snapshot', { skip }, async t => {
  const directory = prepare(t, { noted: false })
  t.equal(ask(directory), 'echoed')
  t.ok(fs.existsSync(path.join(directory, 'var', 'snapshot')))
  fs.appendFileSync(path.join(directory, 'dist', 'responder.cjs'), "\nthrow new Error('this is the bundle')\n")
  t.equal(ask(directory), 'echoed')
})

t.test('a message is answered from the snapshot, and its log and store are those of the folder', { skip }, async t => {
  const directory = prepare(t)
  t.match(ask(directory, { WEIXIN_TOKEN: '' }), /WEIXIN_TOKEN/)
  t.equal(ask(directory, { WEIXIN_STORE: 'redis://127.0.0.1:1' }), 'echoed')
})

const misfits: Readonly<Record<string, (directory: string) => Readonly<Record<string, string>> | undefined>> = {
  'the snapshot was cut short': directory => {
    fs.truncateSync(path.join(directory, BLOB), 100_000)
  },
  'the snapshot is another of the same size': directory => {
    fs.utimesSync(path.join(directory, BLOB), 1, 1)
  },
  'the snapshot is gone': directory => {
    fs.rmSync(path.join(directory, BLOB))
  },
  'the machine was started anew': directory => {
    const note = path.join(directory, 'var', 'snapshot')
    fs.writeFileSync(note, fs.readFileSync(note, 'utf8').replace(/^.*/, '00000000-0000-0000-0000-000000000000'))
  },
  'Node was upgraded': directory => {
    const node = path.join(directory, 'node')
    fs.copyFileSync(process.execPath, node)
    fs.writeFileSync(path.join(directory, 'dist', 'node'), `${node}\n`)
  },
  'Node is to be started with options': () => ({ NODE_OPTIONS: '--max-old-space-size=200' }),
  'nothing is known about it': directory => {
    fs.rmSync(path.join(directory, 'var', 'snapshot'))
  },
  'what is known is half a line': directory => {
    const note = path.join(directory, 'var', 'snapshot')
    fs.truncateSync(note, fs.statSync(note).size - 20)
  },
}

for (const [what, happen] of Object.entries(misfits)) {
  t.test(`the bundle answers when ${what}`, { skip }, async t => {
    const directory = prepare(t)
    t.equal(ask(directory), 'echoed')
    const environment = happen(directory) ?? {}
    t.match(ask(directory, environment), /^weixin error: Error: this is the bundle\n/)
  })
}

t.test('a snapshot of another Node is not used, whoever says that it fits', { skip }, async t => {
  const directory = prepare(t, { noted: false })
  fs.writeFileSync(path.join(directory, `${BLOB}.fit`), 'v20.0.0 x64 1')
  t.equal(ask(directory), 'echoed')
  t.notOk(fs.existsSync(path.join(directory, 'var', 'snapshot')))
})

t.test('without a folder to note it in, every answer comes from the bundle', { skip }, async t => {
  const directory = prepare(t, { noted: false })
  fs.rmdirSync(path.join(directory, 'var'))
  fs.writeFileSync(path.join(directory, 'var'), '')
  t.equal(ask(directory, { WEIXIN_STORE: 'memory:' }), 'echoed')
  t.equal(ask(directory, { WEIXIN_STORE: 'memory:' }), 'echoed')
})

t.test('without any Node the answer is a neutral 500, and the log says what to do', { skip }, async t => {
  const directory = prepare(t, { noted: false })
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
