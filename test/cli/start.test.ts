import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { findApache } from '../../src/cli/trial/private-apache.ts'
import { freePort } from '../integration/deployment.ts'
import { checkout, lineOf, start, weixin } from './weixin.ts'

async function tryOut(t: Test, options: readonly string[], front: RegExp): Promise<void> {
  const directory = checkout(t)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const running = start(directory, ['start', '--port', String(port), ...options])
  t.teardown(() => running.kill('SIGKILL'))
  const made = lineOf(running, /^Made /)
  const page = lineOf(running, /^ {2}http:/)
  const answering = lineOf(running, /is answering/)
  const token = lineOf(running, /^ {2}Token /)
  t.match(await made, /^Made .*weixin\.config\.json with a random Token\.$/)
  t.match(await answering, front)
  const file = path.join(directory, 'weixin.config.json')
  t.equal((fs.statSync(file).mode & 0o777).toString(8), '600')
  t.equal(await token, `  Token   ${JSON.parse(fs.readFileSync(file, 'utf8')).token}`)

  const address = (await page).trim()
  t.match(address, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/, 'the page is told, with its key')
  t.match(await (await fetch(address)).text(), '<script type="module" src="script.js">')
  t.notOk(fs.existsSync(path.join(directory, 'var')), 'the real store is left alone')

  const sent = await weixin(directory, ['send', 'text', '你好', '--url', url])
  t.equal(sent.code, 0)
  t.match(sent.stdout, /\n200 {2}text\/xml; charset=utf-8 {2}240 bytes {2}\d+ ms\n<xml>/)

  running.kill('SIGINT')
  t.strictSame(await once(running, 'exit'), [0, null])
  await t.rejects(fetch(url), 'nothing answers any more')
  await t.rejects(fetch(address), 'the page neither')
}

t.test('start makes a configuration, answers behind Apache, and stops on Ctrl-C', async t => {
  if (findApache()) return tryOut(t, [], /apache2|httpd/)
  if (process.env['CI']) t.fail('Apache must be installed in CI')
  else t.comment('skipped: Apache is not installed')
})

t.test('start answers behind the small HTTP front where there is no Apache', async t => {
  await tryOut(t, ['--no-apache'], /HTTP → CGI/)
})

t.test('start tells the URL with the path that the account answers on', async t => {
  const directory = checkout(t)
  fs.writeFileSync(path.join(directory, 'weixin.config.json'), '{ "token": "t", "path": "/wx" }')
  const port = await freePort()
  const running = start(directory, ['start', '--port', String(port), '--no-apache'])
  t.teardown(() => running.kill('SIGKILL'))
  const url = (await lineOf(running, /^ {2}URL /)).trim().replace(/^URL +/, '')
  t.equal(url, `http://127.0.0.1:${port}/wx`)
  const { code } = await weixin(directory, ['send', 'echo', '--url', url])
  t.equal(code, 0)
  running.kill('SIGINT')
  await once(running, 'exit')
})

t.test('start leaves a configuration alone, and says what is wrong with it', async t => {
  const directory = checkout(t)
  fs.writeFileSync(path.join(directory, 'weixin.config.json'), '{ "token": "two words" }')
  const { code, stderr } = await weixin(directory, ['start'])
  t.equal(code, 2)
  t.match(stderr, /^weixin: .*weixin\.config\.json:1: "token" has a value that is not permitted; permitted: 1 to 32/)
  t.equal(fs.readFileSync(path.join(directory, 'weixin.config.json'), 'utf8'), '{ "token": "two words" }')
})
