import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { configPath, loadConfig } from '../config/load.ts'
import { UsageError, WeixinError } from '../errors.ts'
import { createHttpFront } from '../gateway/http.ts'
import { createLogger } from '../log.ts'
import type { Command, Terminal } from './command.ts'
import { inDevelopment } from './development.ts'
import { writeFirstConfig } from './first-config.ts'
import { ALL_MODES, openInBrowser, pageAddress, startApi, startPage } from './phone-page.ts'
import { type Apache, findApache, startPrivateApache } from './private-apache.ts'
import { apiSettings, scratchStore, simulate } from './simulated-account.ts'

const OPTIONS = {
  port: { type: 'string', default: '8080' },
  'no-apache': { type: 'boolean', default: false },
  menu: { type: 'string' },
  open: { type: 'boolean', default: false },
} as const

/** The responder ended before it listened. */
class ResponderError extends WeixinError {
  override name = 'ResponderError'

  constructor(code: number | null) {
    super({
      en: `the responder did not start (exit code ${code}); its reason is above`,
      zh: `公众号服务未能启动（退出码 ${code}）；原因见上`,
    })
  }
}

/** Something that answers at a URL until it is stopped. */
interface Running {
  readonly url: string
  /** What stands in front of the responder, for the person who reads it. */
  readonly front: string
  stop(): Promise<void>
}

/** `weixin start`, which is `npm start`: a responder to try on this machine, with everything it needs. */
export const start: Command = {
  summary: { en: 'try the responder on this machine (npm start)', zh: '在本机试用（即 npm start）' },
  usage: {
    en: `Usage: weixin start [--port N] [--no-apache] [--menu FILE] [--open]

Makes a first weixin.config.json when there is none, and answers on 127.0.0.1 until Ctrl-C: behind an Apache of its
own where Apache with mod_proxy_fcgi is installed, else behind a small HTTP front that runs the same script as CGI.
A page shows the account on a phone. The API is a simulated one; state is kept apart and forgotten at the end.

  --port N      where to answer; the next free port is taken when it is in use (default 8080)
  --no-apache   use the small HTTP front even where Apache is installed
  --menu FILE   the account's menu (default: menu.json, where there is one)
  --open        open the page in the browser`,
    zh: `用法：weixin start [--port N] [--no-apache] [--menu 文件] [--open]

没有 weixin.config.json 时先生成一份，然后在 127.0.0.1 上应答，直到按下 Ctrl-C：
装有 Apache（含 mod_proxy_fcgi）时使用一个独立的 Apache，否则使用内置的 HTTP 前端以 CGI 方式运行同一个脚本。
同时提供一个网页，在模拟的手机上使用公众号。微信接口由本机模拟；数据单独存放，结束后即清除。

  --port N      监听端口；被占用时取下一个空闲端口（默认 8080）
  --no-apache   即使装有 Apache 也使用内置的 HTTP 前端
  --menu 文件   公众号菜单（默认为 menu.json，如果有的话）
  --open        在浏览器中打开网页`,
  },
  async run(words, terminal) {
    const { values } = parseArgs({ args: words, options: OPTIONS })
    const file = configPath(terminal.environment, terminal.directory)
    const first = terminal.environment['WEIXIN_TOKEN'] === undefined && writeFirstConfig(file)
    const config = await loadConfig(terminal.environment, terminal.directory)
    const port = await freePort(portNumber(values.port))
    const apache = values['no-apache'] ? undefined : findApache()
    const stopRequested = terminal.stopRequested()
    /** What ends whatever has begun, the last first. */
    const ends: (() => Promise<void> | void)[] = []
    try {
      const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-'))
      ends.unshift(() => fs.rmSync(scratch, { recursive: true, force: true }))
      const { account, supplied } = simulate(config)
      const api = await startApi(account, terminal, { menu: values.menu })
      ends.unshift(() => api.close())
      // A simulated access token must never reach the store that the real responder shares.
      const simulated = { ...supplied, WEIXIN_API_BASE: api.url, WEIXIN_STORE: scratchStore(scratch) }
      const place = { port, scratch, environment: responderEnvironment(terminal, simulated) }
      const running = apache ? await behindApache(apache, place, terminal) : await behindHttpFront(place, terminal)
      ends.unshift(() => running.stop())
      const url = new URL(config.path ?? '/', running.url).href
      const mode = config.mode === 'safe' ? 'safe' : 'plain'
      const tried = { target: { url }, shown: url, mode, modes: ALL_MODES, cgiEnvironment: supplied } as const
      const page = await startPage({ account, api, ...tried }, terminal)
      ends.unshift(() => page.close())
      const address = pageAddress(page, terminal)
      introduce(
        terminal,
        running,
        { page: address, token: account.token, settings: apiSettings(simulated) },
        first ? file : undefined,
      )
      if (values.open) openInBrowser(address)
      await stopRequested
    } finally {
      for (const end of ends) await end()
    }
    return 0
  },
}

/** Where the responder is tried, and what it gets to know. */
interface Place {
  readonly port: number
  /** A folder that goes at the end. */
  readonly scratch: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

function responderEnvironment({ environment }: Terminal, simulated: Readonly<Record<string, string>>) {
  return { ...environment, ...inDevelopment(environment), ...simulated }
}

async function behindApache(apache: Apache, place: Place, terminal: Terminal): Promise<Running> {
  const { directory } = terminal
  const { port, scratch } = place
  const backend = await freePort(port + 1)
  const responder = await startResponder(terminal, place, backend)
  const shipped = fs.readFileSync(path.join(directory, 'apache', 'wamp-proxy-fcgi.conf'), 'utf8')
  const vhost = shipped.replaceAll('d:/wamp/www/weixin', directory).replaceAll('127.0.0.1:9000', `127.0.0.1:${backend}`)
  try {
    const { url, stop } = await startPrivateApache({ apache, directory: scratch, vhost, port })
    return { url, front: `${apache.binary}, mod_proxy_fcgi`, stop: () => stop().then(() => endChild(responder)) }
  } catch (error) {
    await endChild(responder)
    throw error
  }
}

/** As text, or with `"log": "json"`. */
const LISTENING = /^weixin info: listening |"message":"listening"/

/** Resolves once it listens; what it says after that is for the reader. */
async function startResponder(
  { directory, printError }: Terminal,
  { environment }: Place,
  port: number,
): Promise<ChildProcess> {
  const command = path.join(directory, 'dist', 'cli.js')
  // In a process group of its own: Ctrl-C reaches it only through us, after Apache has ended.
  const child = spawn(process.execPath, [command, 'serve', '--listen', `127.0.0.1:${port}`], {
    env: { ...environment, WEIXIN_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'inherit', 'pipe'],
    detached: true,
  })
  const lines = createInterface({ input: child.stderr })
  await new Promise<void>((resolve, reject) => {
    lines.on('line', line => (LISTENING.test(line) ? resolve() : printError(line)))
    child.once('exit', code => reject(new ResponderError(code)))
  })
  return child
}

async function behindHttpFront({ port, environment }: Place, { directory, printError }: Terminal): Promise<Running> {
  const front = await createHttpFront({
    script: path.join(directory, 'cgi-bin', 'weixin'),
    nodePath: process.execPath,
    environment,
    port,
    log: createLogger(printError),
  })
  return { url: `http://127.0.0.1:${port}/`, front: 'HTTP → CGI', stop: () => front.close() }
}

function introduce(
  { print, say }: Terminal,
  { url, front }: Running,
  { page, token, settings }: Readonly<Record<'page' | 'token' | 'settings', string>>,
  madeFile?: string,
): void {
  if (madeFile) print(say({ en: `Made ${madeFile} with a random Token.`, zh: `已生成 ${madeFile}，Token 为随机值。` }))
  print(
    say({
      en: `
Your account on a phone; open this in the browser:

  ${page}

The responder is answering (${front}).

  URL     ${url}
  Token   ${token}

Three things to try in another terminal, in this folder:

  npx weixin send text '你好' --url ${url}        a follower writes
  npx weixin send event:subscribe --url ${url}    somebody follows
  edit src/app.ts, then stop this with Ctrl-C and run npm start again: your own answers

The WeChat API is simulated too; with this set, weixin menu push and its like change what the phone shows:

${settings}
`,
      zh: `
在浏览器中打开下面的地址，即可在模拟的手机上使用你的公众号：

  ${page}

公众号服务已经在应答（${front}）。

  URL     ${url}
  Token   ${token}

在另一个终端、同一目录下可以试这三件事：

  npx weixin send text '你好' --url ${url}        关注者发来文字
  npx weixin send event:subscribe --url ${url}    有人关注
  修改 src/app.ts，按 Ctrl-C 停止后重新运行 npm start：换成你自己的回复

微信接口同样是模拟的；设置下面的变量后，weixin menu push 等命令会作用于这部手机：

${settings}
`,
    }),
  )
}

function portNumber(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65000) return port
  throw new UsageError({ en: `--port ${text}: 1 to 65000 is permitted`, zh: `--port ${text}：应为 1 到 65000` })
}

async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 200; port++) if (await isFree(port)) return port
  throw new UsageError({
    en: `ports ${wanted} to ${wanted + 199} are all in use; name another with --port`,
    zh: `端口 ${wanted} 到 ${wanted + 199} 均被占用；请用 --port 指定其他端口`,
  })
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
