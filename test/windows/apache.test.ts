import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { freePort, requireApache, startApache, vhostOf } from '../integration/deployment.ts'
import { get, post, signed } from '../integration/wire.ts'
import { projectDirectory } from '../project.ts'
import { findNodeExe } from './node-exe.ts'

const TOKEN = 'kapokTree2031'
const apache = requireApache(t)
const nodeExe = findNodeExe()

/** The responder under node.exe, as wamp-proxy-fcgi.conf says how to start it; ends with the test. */
async function startOnWindows(t: Test, directory: string, port: number): Promise<void> {
  if (!nodeExe) throw new Error('there is no node.exe')
  const [program, ...words] = nodeExe.command
  const log = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-log-')), 'log')
  const [input, output] = [fs.openSync(os.devNull, 'r'), fs.openSync(log, 'w')]
  const script = nodeExe.pathOf(path.join(directory, 'dist', 'cli.js'))
  const child = spawn(program, [...words, script, 'serve', '--listen', `127.0.0.1:${port}`], {
    cwd: directory,
    env: { ...nodeExe.environment, WEIXIN_TOKEN: TOKEN },
    stdio: [input, output, output],
  })
  const exited = new Promise(resolve => child.once('exit', resolve))
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
    fs.rmSync(path.dirname(log), { recursive: true })
  })
  const said = () => fs.readFileSync(log, 'utf8')
  while (!said().includes('listening')) {
    if (child.exitCode !== null) throw new Error(said())
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

function message(content: string, id: number): string {
  return (
    '<xml><ToUserName><![CDATA[gh_a]]></ToUserName><FromUserName><![CDATA[oFan]]></FromUserName>' +
    `<CreateTime>1893456000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content>` +
    `<MsgId>${id}</MsgId></xml>`
  )
}

if (apache) {
  t.test('Apache in front, wamp-proxy-fcgi.conf, and the responder under node.exe behind it', async t => {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-'))
    fs.chmodSync(scratch, 0o755)
    t.teardown(() => fs.rmSync(scratch, { recursive: true, force: true }))
    const deployment = { directory: projectDirectory.replace(/\/$/, ''), scratch }
    const backend = await freePort()
    await startOnWindows(t, deployment.directory, backend)
    const vhost = vhostOf('wamp-proxy-fcgi.conf', deployment, `127.0.0.1:${backend}`)
    t.match(vhost, `"${deployment.directory}/apache/static"`)
    const { url } = await startApache(t, apache, deployment, vhost)
    const port = Number(new URL(url).port)

    t.test('the access check', async t => {
      const { statusLine, headers, body } = await get(port, `/?${signed(TOKEN)}&echostr=5838479218127813673`)
      t.equal(statusLine, 'HTTP/1.1 200 OK')
      t.equal(headers['Content-Length'], '19')
      t.equal(headers['Transfer-Encoding'], undefined)
      t.equal(body.toString(), '5838479218127813673')
    })

    t.test('messages, one after the other and 8 at once', async t => {
      for (let round = 0; round < 5; round++) {
        const answers = Array.from({ length: 8 }, (_, index) =>
          post(port, `/?${signed(TOKEN)}`, message(`你好 ${round} ${index}`, round * 8 + index + 1)),
        )
        for (const [index, { statusLine, body }] of (await Promise.all(answers)).entries()) {
          t.equal(statusLine, 'HTTP/1.1 200 OK')
          t.match(body.toString(), `<Content><![CDATA[你好 ${round} ${index}]]></Content>`)
        }
      }
    })

    t.test('what is wrong, and what is private', async t => {
      t.match((await get(port, '/')).statusLine, / 403 /)
      t.match((await post(port, `/?${signed(TOKEN)}`, '<xml>')).statusLine, / 400 /)
      t.match((await post(port, `/?${signed(TOKEN)}`, 'x'.repeat(65537))).statusLine, / 413 /)
      t.match((await get(port, '/static/index.txt')).statusLine, / 200 /)
      t.match((await get(port, '/static/../../package.json')).statusLine, / 40[034] /)
    })
  })
}
