import { parseArgs } from 'node:util'
import { configPath, loadConfig } from '../config/load.ts'
import { writeFirstConfig } from './install/first-config.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { readWholeNumber } from './terminal/number-option.ts'
import { freePort } from './trial/free-port.ts'
import { startFront } from './trial/front.ts'
import { ALL_MODES, openInBrowser, pageAddress, startPage } from './trial/phone-page.ts'
import { findApache } from './trial/private-apache.ts'
import { apiSettings, startSimulation } from './trial/simulation.ts'

const OPTIONS = {
  port: { type: 'string', default: '8080' },
  'no-apache': { type: 'boolean', default: false },
  menu: { type: 'string' },
  open: { type: 'boolean', default: false },
} as const

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
    const port = await freePort(readWholeNumber('--port', values.port, 1, 65_000))
    const stopRequested = terminal.stopRequested()
    const simulation = await startSimulation(config, terminal, { menu: values.menu })
    /** What ends whatever has begun, the last first. */
    const ends = [() => simulation.close()]
    try {
      const apache = values['no-apache'] ? undefined : findApache()
      const { environment, folder: scratch } = simulation
      const front = await startFront(apache, { port, scratch, environment }, terminal)
      ends.unshift(() => front.stop())
      const url = new URL(config.path ?? '/', front.url).href
      const mode = config.mode === 'safe' ? 'safe' : 'plain'
      const tried = { target: { url }, mode, modes: ALL_MODES, cgiEnvironment: simulation.variables } as const
      const page = await startPage(simulation, tried, terminal)
      ends.unshift(() => page.close())
      const address = pageAddress(page, terminal)
      if (first) tellOfFile(terminal, file)
      const { token } = simulation.account
      introduce(terminal, { page: address, front: front.name, url, token, settings: apiSettings(simulation) })
      if (values.open) openInBrowser(address)
      await stopRequested
    } finally {
      for (const end of ends) await end()
    }
    return 0
  },
}

function tellOfFile({ print, say }: Terminal, file: string): void {
  print(say({ en: `Made ${file} with a random Token.`, zh: `已生成 ${file}，Token 为随机值。` }))
}

function introduce(
  { print, say }: Terminal,
  { page, front, url, token, settings }: Readonly<Record<'page' | 'front' | 'url' | 'token' | 'settings', string>>,
): void {
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
