import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { takeSnapshot } from '../src/build/take-snapshot.mjs'
import { projectDirectory } from './project.ts'

const bundle = fs.readFileSync(path.join(projectDirectory, 'dist', 'responder.cjs'), 'utf8')

t.test('what Apache runs is one file that imports nothing at run time', async t => {
  // Not counting the types in comments.
  t.notMatch(bundle, /[^{.\w]import\(/)
})

t.test('what Apache runs holds the owner’s handlers and templates', async t => {
  t.match(bundle, '掷骰子')
  t.match(bundle, '欢迎关注')
  t.match(bundle, '<MsgType><![CDATA[transfer_biz_ai_ivr]]></MsgType>')
})

t.test('what Apache runs leaves what few configurations need in files of their own', async t => {
  t.notMatch(bundle, 'node_modules/@redis/client')
  t.notMatch(bundle, 'node_modules/node-fastcgi')
  t.match(bundle, 'require("./node-fastcgi.cjs")')
})

t.test('a build whose handlers cannot be loaded says why, and not only where', async t => {
  const folder = t.testdir({ 'handlers.cjs': "throw new TypeError('no such query')" })
  t.equal(takeSnapshot(path.join(folder, 'handlers.cjs'), path.join(folder, 'blob')), 'TypeError: no such query')
  t.strictSame(fs.readdirSync(folder), ['handlers.cjs'])
})

t.test('a build whose handlers cannot be loaded fails, and leaves what Apache runs as it is', async t => {
  const folder = fs.realpathSync(t.testdir({ dist: { 'responder.cjs': 'the one of before' } }))
  for (const name of ['src', 'templates', 'package.json']) {
    fs.cpSync(path.join(projectDirectory, name), path.join(folder, name), { recursive: true })
  }
  fs.symlinkSync(path.join(projectDirectory, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
  const app = path.join(folder, 'src', 'app.ts')
  fs.appendFileSync(app, "\napp.on('event:nosuch' as 'text', () => 'never')\n")
  const { status, stderr } = spawnSync(process.execPath, [path.join(folder, 'src', 'build.mjs')], { encoding: 'utf8' })
  t.equal(status, 1)
  t.match(stderr, /^src\/app\.ts, or what it imports, cannot be loaded; what was built before is still there\.\n/)
  t.match(stderr, /event:nosuch/)
  t.strictSame(fs.readdirSync(path.join(folder, 'dist')), ['responder.cjs', 'templates.d.ts', 'templates.js'])
  t.equal(fs.readFileSync(path.join(folder, 'dist', 'responder.cjs'), 'utf8'), 'the one of before')
})
