import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import t, { type Test } from 'tap'
import { lineOf, weixin } from '../cli/weixin.ts'
import { ask, connect, request } from '../gateway/fastcgi/client.ts'
import { freePort } from '../integration/deployment.ts'
import { signed } from '../integration/wire.ts'
import { wampCheckout } from './wamp.ts'

const TOKEN = 'kapokTree2031'
const { SystemRoot = '', Path = '' } = process.env

interface Serving {
  readonly child: ChildProcess
  readonly port: number
  readonly directory: string
}

/** `weixin serve`, started as pm2 does: with an IPC channel. */
async function serve(t: Test, words: readonly string[] = [], config: object = { token: TOKEN }): Promise<Serving> {
  const directory = wampCheckout(t)
  fs.writeFileSync(path.join(directory, 'weixin.config.json'), JSON.stringify(config))
  const port = await freePort()
  const program = [path.join(directory, 'dist', 'cli.js'), 'serve', '--listen', `127.0.0.1:${port}`, ...words]
  const child = spawn(process.execPath, program, {
    cwd: 'C:\\',
    env: { SystemRoot, Path },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  t.teardown(() => child.kill())
  await lineOf(child, /listening/)
  return { child, port, directory }
}

const check = (port: number) => ask(port, `${signed(TOKEN)}&echostr=7`)

/** Resolves when nobody listens there any more. */
async function closed(port: number): Promise<void> {
  for (let open = true; open; ) {
    const socket = net.connect(port, '127.0.0.1')
    open = await new Promise(resolve => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
  }
}

t.test('it answers on TCP, and ends with 0 when it is told to shut down', async t => {
  const { child, port } = await serve(t)
  t.match(await check(port), /^Status: 200 OK\r\n.*\r\n\r\n7$/s)
  child.send('shutdown')
  t.strictSame(await once(child, 'exit'), [0, null])
  await closed(port)
})

t.test('what a connection brings while it is told to shut down is answered, as after SIGTERM elsewhere', async t => {
  const { child, port } = await serve(t)
  const wires = Array.from({ length: 5 }, () => connect(port))
  const askAll = (echostr: number) =>
    Promise.all(
      wires.map(wire => {
        wire.send(request(`${signed(TOKEN)}&echostr=${echostr}`, '', { id: echostr, keep: true }))
        return wire.reply(echostr)
      }),
    )
  // Whoever has been answered once has been accepted.
  await askAll(1)
  child.send('shutdown')
  for (const { document } of await askAll(2)) t.match(document, /^Status: 200 OK\r\n.*\r\n\r\n2$/s)
  t.strictSame(await once(child, 'exit'), [0, null])
})

t.test('a worker that is ended is replaced, and the others go on', async t => {
  const { child, port } = await serve(t, ['--workers', '2'])
  const second = await lineOf(child, /listening/)
  process.kill(Number(/pid=(\d+)/.exec(second)?.[1]))
  t.match(await lineOf(child, /ended/), /^weixin: worker \d+ ended \(\S+\), starting another$/)
  await lineOf(child, /listening/)
  for (let count = 0; count < 10; count++) t.match(await check(port), /^Status: 200 OK/)
  child.send('shutdown')
  t.strictSame(await once(child, 'exit'), [0, null])
})

t.test('no worker is left behind when the Task Manager ends the command', async t => {
  const { child, port } = await serve(t, ['--workers', '2'])
  child.kill()
  await once(child, 'exit')
  await closed(port)
  t.pass('nobody listens any more')
})

t.test('rules that are edited count without a restart', async t => {
  const rules = (reply: string) => `\uFEFF${JSON.stringify([{ when: { exact: 'hours' }, reply }], null, 2)}`
  const directory = wampCheckout(t)
  fs.writeFileSync(path.join(directory, 'rules.json'), rules('old'))
  const file = path.join(directory, 'rules.json')
  const { child, port } = await serve(t, [], { token: TOKEN, rules: file })
  const say = (id: number) =>
    ask(
      port,
      signed(TOKEN),
      '<xml><ToUserName>gh_a</ToUserName><FromUserName>oFan</FromUserName><CreateTime>1893456000</CreateTime>' +
        `<MsgType>text</MsgType><Content>hours</Content><MsgId>${id}</MsgId></xml>`,
    )
  t.match(await say(0), '[old]')
  fs.writeFileSync(file, rules('new').replaceAll('\n', '\r\n'))
  await untilRead(child, say)
  t.match(await say(1_000_000), '[new]')
  child.send('shutdown')
  await once(child, 'exit')
})

/** Asks until the log says that the rules were read again. */
async function untilRead(child: ChildProcess, say: (id: number) => Promise<string>): Promise<void> {
  let isRead = false
  lineOf(child, /read the rules again/).then(() => {
    isRead = true
  })
  for (let id = 1; !isRead; id++) await say(id)
}

t.test('what cannot be listened on is said in one line, with what to do here', async t => {
  const directory = wampCheckout(t)
  const listen = async (address: string) => {
    const { code, stderr } = await weixin(directory, ['serve', '--listen', address], { SystemRoot, WEIXIN_TOKEN: 't' })
    t.not(code, 0)
    return stderr
  }
  for (const socket of ['D:\\wamp\\weixin.sock', '/run/weixin.sock']) {
    t.match(await listen(socket), 'Windows has no unix sockets for this; listen on 127.0.0.1:port')
  }
  const other = net.createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as net.AddressInfo
  t.match(await listen(`127.0.0.1:${port}`), 'another program is listening there')
  other.close()
})
