import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { UsageError } from '../errors.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { readWholeNumber } from './terminal/number-option.ts'
import { readTarget } from './terminal/target.ts'
import { ALL_MODES, openInBrowser, pageAddress, startPage } from './trial/phone-page.ts'
import { apiSettings, startSimulation } from './trial/simulation.ts'

const OPTIONS = {
  menu: { type: 'string' },
  'api-port': { type: 'string' },
  open: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
} as const

/** `weixin phone [URL]`: the account on a phone in the browser, with a simulated WeChat behind it. */
export const phone: Command = {
  summary: { en: 'try any responder on a phone in the browser', zh: '在浏览器中的模拟手机上试用公众号服务' },
  usage: {
    en: `Usage: weixin phone [URL] [options]

Opens a page on 127.0.0.1 that looks like the account's chat, until Ctrl-C: what you do there is signed and sent to the
responder at URL as WeChat would; without URL to the script itself, with a piped CGI environment. Token, AppID and
EncodingAESKey are those of the configuration. A simulated API is there too: start your responder with the
WEIXIN_API_BASE that is printed, and its customer-service messages appear on the phone.

  --menu FILE       the account's menu (default: menu.json, where there is one)
  --api-port N      where the simulated API answers (default: any free port)
  --open            open the page in the browser
  --yes             permits a URL that is not on this machine`,
    zh: `用法：weixin phone [网址] [选项]

在 127.0.0.1 上提供一个外观与公众号聊天界面一致的网页，直到按下 Ctrl-C：你在其中的操作会像微信那样签名后发给该网址；
不填网址则以管道方式把本项目的脚本当作 CGI 运行。Token、AppID 和 EncodingAESKey 取自配置。
同时提供模拟的微信接口：用打印出来的 WEIXIN_API_BASE 启动你的服务，它发出的客服消息就会显示在手机上。

  --menu 文件       公众号菜单（默认为 menu.json，如果有的话）
  --api-port N      模拟接口的端口（默认任意空闲端口）
  --open            在浏览器中打开网页
  --yes             允许使用不在本机上的网址`,
  },
  async run(words, terminal) {
    const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true })
    const [given, ...others] = positionals
    if (others.length > 0) throw new UsageError(phone.usage)
    const url = given === undefined ? undefined : readTarget(given, values.yes, SENT).href
    const port =
      values['api-port'] === undefined ? undefined : readWholeNumber('--api-port', values['api-port'], 1, 65_535)
    const config = await loadConfig(terminal.environment, terminal.directory)
    const stopRequested = terminal.stopRequested()
    const simulation = await startSimulation(config, terminal, { menu: values.menu, port })
    try {
      const { variables, environment } = simulation
      const pathInfo = config.path ? { PATH_INFO: config.path } : {}
      const script = path.join(terminal.directory, 'cgi-bin', 'weixin')
      const hasKey = url === undefined || (config.aesKey !== undefined && config.appId !== undefined)
      const page = await startPage(
        simulation,
        {
          target: url ? { url } : { script, environment: { ...environment, ...pathInfo } },
          mode: config.mode === 'safe' ? 'safe' : 'plain',
          modes: hasKey ? ALL_MODES : ['plain'],
          cgiEnvironment: url ? variables : { ...variables, ...pathInfo },
        },
        terminal,
      )
      const address = pageAddress(page, terminal)
      introduce(address, apiSettings(simulation), terminal)
      if (values.open) openInBrowser(address)
      await stopRequested
      await page.close()
    } finally {
      await simulation.close()
    }
    return 0
  },
}

const SENT = { en: 'messages of followers that do not exist', zh: '并不存在的用户的消息' }

function introduce(address: string, settings: string, { print, say }: Terminal): void {
  print(
    say({
      en: `Your account on a phone; open this in the browser:\n\n  ${address}\n\nThe simulated API: set this for your responder, and for weixin menu push and its like.\n\n${settings}\n`,
      zh: `在浏览器中打开下面的地址，即可在模拟的手机上使用你的公众号：\n\n  ${address}\n\n要使用模拟的微信接口，请为你的服务以及 weixin menu push 等命令设置：\n\n${settings}\n`,
    }),
  )
}
