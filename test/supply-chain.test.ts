import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import t, { type Test } from 'tap'
import { API_HOSTS } from '../src/client/hosts.ts'
import { lineOf } from './cli/weixin.ts'
import { deployOwned, say } from './faults/owner.ts'
import { webUser } from './integration/deployment.ts'
import { projectDirectory } from './project.ts'
import { startUpstream, tokenNumber } from './token/fake-upstream.ts'

/** A package that is part of what runs at somebody's. */
interface Listed {
  readonly name: string
  readonly version: string
  readonly licence: string
  /** Of the installed folder, at most. */
  readonly kilobytes: number
  /** The package that needs it; without one it is ours, and README says what for. */
  readonly neededBy?: string
}

interface Locked {
  readonly version: string
  readonly resolved?: string
  readonly integrity?: string
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
}

const read = (...file: string[]) => fs.readFileSync(path.join(projectDirectory, ...file), 'utf8')
const listed: readonly Listed[] = JSON.parse(read('test', 'supply-chain', 'dependencies.json'))
const locked: Readonly<Record<string, Locked>> = JSON.parse(read('package-lock.json')).packages
const { dependencies, devDependencies } = JSON.parse(read('package.json'))
const packages = Object.entries(locked).filter(([folder]) => folder !== '')
const windows = process.platform === 'win32'

t.test('the packages that are installed at run time are those that are listed', async t => {
  const installed = packages
    .filter(([, { dev }]) => !dev)
    .map(([folder, { version }]) => `${folder.replace('node_modules/', '')} ${version}`)
  t.strictSame(installed.sort(), listed.map(({ name, version }) => `${name} ${version}`).sort())
  const ours = listed.filter(({ neededBy }) => !neededBy).map(({ name, version }) => [name, version])
  t.strictSame(Object.fromEntries(ours), dependencies)
})

t.test('each has a free licence and no more than its size', async t => {
  for (const { name, licence, kilobytes } of listed) {
    const folder = path.join(projectDirectory, 'node_modules', name)
    t.ok(['MIT', 'Unlicense'].includes(licence), `${name}: ${licence}`)
    const said = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).license ?? textOfLicence(folder)
    t.match(said, licence, name)
    t.ok(kilobytesOf(folder) <= kilobytes, `${name} has ${kilobytesOf(folder)} KiB`)
  }
})

t.test('every package is of an exact version, locked by its checksum, and from the registry', async t => {
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    t.match(version, /^\d+\.\d+\.\d+$/, name)
  }
  // npm leaves out where a package is from when it is from the registry.
  const loose = packages.filter(([, { resolved, integrity = '' }]) => resolved || !integrity.startsWith('sha512-'))
  t.strictSame(
    loose.map(([folder]) => folder),
    [],
  )
})

t.test('no package at run time has an install script', async t => {
  const withScript = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([folder]) => folder)
  t.strictSame(withScript, ['node_modules/esbuild'], 'one has, for development, and it is not run:')
  t.match(read('.npmrc'), /^ignore-scripts=true$/m)
})

t.test('README says in both languages what each package is for', async t => {
  for (const file of ['README.md', 'README.zh-CN.md']) {
    const text = read(file)
    for (const { name, licence } of listed.filter(({ neededBy }) => !neededBy)) {
      const row = text.split('\n').find(line => line.startsWith(`| [${name}](https://www.npmjs.com/package/${name})`))
      t.match(row, new RegExp(`\\| ${licence}, [\\d.]+ (?:KB|MB) \\| \\S`), `${file}: ${name}`)
    }
    for (const name of Object.keys(devDependencies).filter(name => !name.startsWith('@types/'))) {
      t.match(text, new RegExp(`\\b${name.replace('@biomejs/', '')}\\b`), `${file}: ${name}`)
    }
  }
})

t.test('nothing at run time can start a program or execute text', async t => {
  for (const bundle of ['responder.cjs', 'redis-client.cjs', 'node-fastcgi.cjs']) {
    const text = read('dist', bundle)
    t.notOk(
      /require\("(?:node:)?(?:child_process|worker_threads|repl|inspector)"\)/.test(text),
      `${bundle}: no program`,
    )
    t.notOk(/\bnew Function\(|[^.\w]eval\(|setTimeout\(["'`]/.test(text), `${bundle}: no text`)
    // Two fixed words, to put a limit on regular expressions.
    const runs = text.match(/runIn\w*Context\)?\(.{7}/g) ?? []
    t.strictSame(runs, bundle === 'responder.cjs' ? ['runInContext)("run()"'] : [], bundle)
  }
})

/** Notes every program that is started, every name that is looked up and every address that is connected to. */
const WATCHER = `
const fs = require('node:fs'), net = require('node:net'), dns = require('node:dns'), child = require('node:child_process')
const note = text => fs.appendFileSync(process.env.TEST_NOTES, text + '\\n')
const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (...all) {
  const [options] = Array.isArray(all[0]) ? all[0] : all
  note('connect ' + (options.path ?? options.host + ':' + options.port))
  return connect.apply(this, all)
}
dns.lookup = (name, options, done) => {
  note('lookup ' + name)
  setImmediate(done ?? options, Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' }))
}
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  child[name] = () => { note(name); throw new Error('not permitted') }
}`

/** A service whose handler calls the API, with everything watched that it does to the world. */
async function watched(t: Test, config: object) {
  const decoy = http.createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1')
  let visitors = 0
  decoy.on('connection', () => visitors++)
  await once(decoy, 'listening')
  t.teardown(() => decoy.close())
  const deployment = deployOwned(
    t,
    { appId: 'wx00d1e2f3a4b5c6d7', appSecret: 'SECRET-0123456789abcdef', store: 'file:var', journal: 'on', ...config },
    `app.hears('who', async ctx => {
      try { return 'total ' + (await ctx.client.user.list()).total } catch (error) { return error.name }
    })`,
  )
  const { directory, scratch } = deployment
  fs.writeFileSync(path.join(scratch, 'watcher.cjs'), WATCHER)
  const notes = path.join(scratch, 'notes')
  fs.writeFileSync(notes, '')
  if (webUser) fs.chownSync(notes, webUser.uid, webUser.gid)
  const proxy = `http://127.0.0.1:${(decoy.address() as AddressInfo).port}`
  const names = [
    'HTTP_PROXY',
    'http_proxy',
    'HTTPS_PROXY',
    'https_proxy',
    'ALL_PROXY',
    'NODE_USE_ENV_PROXY',
    'npm_config_proxy',
  ]
  const socket = path.join(scratch, 'least.sock')
  const child = spawn(process.execPath, [path.join(directory, 'cgi-bin', 'weixin'), '--listen', socket], {
    env: {
      ...Object.fromEntries(names.map(name => [name, proxy])),
      NODE_OPTIONS: `--require ${path.join(scratch, 'watcher.cjs')}`,
      TEST_NOTES: notes,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    // Nobody with any rights.
    ...webUser,
  })
  t.teardown(() => child.kill())
  await lineOf(child, /listening/)
  return {
    ...{ directory, socket, child },
    visitors: () => visitors,
    notes: () => fs.readFileSync(notes, 'utf8').split('\n').slice(0, -1),
  }
}

t.test('a responder whose environment names proxies calls nobody but the API', { skip: windows }, async t => {
  const { base } = await startUpstream(t, (response, { url }) =>
    response.end(
      url.includes('token?') || url.includes('stable_token')
        ? JSON.stringify({ access_token: tokenNumber(1), expires_in: 7200 })
        : '{"total":7,"count":0,"data":{"openid":[]},"next_openid":""}',
    ),
  )
  const service = await watched(t, { apiBase: base })
  t.match(await say(service.socket, 'who'), 'total 7')
  t.match(await say(service.socket, '<a href="http://example.com/">$(reboot)`reboot`</a> | reboot'), '$(reboot)')
  t.equal(service.visitors(), 0, 'the proxy gets no visit')
  t.strictSame([...new Set(service.notes())], [`connect ${new URL(base).host}`])
})

t.test(
  'where no name is found only those of the API are asked for, and messages are answered',
  { skip: windows },
  async t => {
    const service = await watched(t, {})
    t.match(await say(service.socket, 'who'), /TokenError|TransportError/)
    t.match(await say(service.socket, 'hello'), '<![CDATA[hello]]>')
    t.equal(service.visitors(), 0)
    const hosts = API_HOSTS.map(host => new URL(host).host)
    const asked = service.notes().map(note => note.split(/[ :]/)[1] ?? note)
    t.ok(asked.length > 0)
    t.strictSame(
      asked.filter(host => !hosts.includes(host)),
      [],
    )
  },
)

t.test('a responder needs no rights, and gives none', { skip: windows }, async t => {
  const { directory, socket, child } = await watched(t, {})
  t.match(await say(socket, 'hello'), '<![CDATA[hello]]>')
  const uid = Number(/^Uid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1])
  t.not(uid, 0, 'it does not run as root')
  t.equal(fs.statSync(socket).mode & 0o777, 0o660)
  const state = path.join(directory, 'var')
  let files = 0
  for (const entry of fs.readdirSync(state, { recursive: true, withFileTypes: true })) {
    const { mode } = fs.statSync(path.join(entry.parentPath, entry.name))
    if (entry.name === 'private.txt') continue
    t.equal(mode & 0o777, entry.isDirectory() ? 0o700 : 0o600, entry.name)
    files++
  }
  t.ok(files > 3, `${files} files and folders`)
})

t.test('the unit for systemd takes away what the service does not need', async t => {
  const unit = read('apache', 'weixin.service')
  for (const line of [
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'CapabilityBoundingSet=\n',
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n',
    'RestrictSUIDSGID=yes',
    'UMask=0077',
  ]) {
    t.match(unit, line)
  }
  t.match(unit, /^User=(?!root)\w+$/m)
  t.match(read('apache', 'weixin.socket'), /^SocketMode=0660$/m)
})

function textOfLicence(folder: string): string {
  return fs.readFileSync(path.join(folder, 'LICENSE'), 'utf8')
}

function kilobytesOf(folder: string): number {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return Math.ceil(files.reduce((sum, file) => sum + fs.statSync(path.join(file.parentPath, file.name)).size, 0) / 1024)
}
