import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { type Bilingual, UsageError } from '../errors.ts'
import type { ApiCall, FakeApi, TroubleRule } from '../simulator/api/fake-api.ts'
import { startFakeApi } from '../simulator/api/server.ts'
import type { SimulatedAccount } from '../simulator/exchange.ts'
import { SAMPLE_FOLLOWER } from '../simulator/message.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { readJsonFile } from './terminal/read-json.ts'

const OPTIONS = {
  port: { type: 'string', default: '0' },
  'app-id': { type: 'string' },
  secret: { type: 'string' },
  menu: { type: 'string' },
  follower: { type: 'string', multiple: true, default: [SAMPLE_FOLLOWER] as string[] },
  trouble: { type: 'string', multiple: true, default: [] as string[] },
} as const

/** `weixin api-server`: a stand-in for api.weixin.qq.com. */
export const apiServer: Command = {
  summary: { en: "run a fake of WeChat's API to develop against", zh: '运行模拟的微信接口，供开发调试' },
  usage: {
    en: `Usage: weixin api-server [--port N] [--app-id ID] [--secret SECRET] [--menu FILE] [--trouble RULE]…

Answers on 127.0.0.1 as api.weixin.qq.com does: tokens, menus, customer-service and template messages, media, users,
tags, QR codes, JS-SDK tickets and web login. Prints what to set and every call; ends with Ctrl-C, and forgets everything.

  --port N          where to listen (default: any free port)
  --app-id, --secret  the account's (default: those of the configuration, else made-up ones)
  --menu FILE       a menu to begin with, as weixin menu pull writes it
  --follower OPENID somebody who follows, as often as you like
  --trouble RULE    CODE[:PATH[:TIMES]], as often as you like; the first that fits counts. CODE is an errcode such as
                    40001, 42001, 45009, -1 or 40164, or stall (no answer), or cut (half of one); PATH is how a path
                    begins: --trouble 45009:/cgi-bin/message/:3`,
    zh: `用法：weixin api-server [--port 端口] [--app-id ID] [--secret 密钥] [--menu 文件] [--trouble 规则]…

在 127.0.0.1 上像 api.weixin.qq.com 一样应答：access_token、菜单、客服消息与模板消息、素材、用户、标签、
二维码、JS-SDK ticket 和网页授权。会显示需要设置的变量和每一次调用；按 Ctrl-C 结束，不保留任何数据。

  --port 端口       监听端口（默认任选一个空闲端口）
  --app-id、--secret  账号的 AppID 和 AppSecret（默认取自配置；配置中没有则使用虚构的）
  --menu 文件       初始菜单，格式同 weixin menu pull 的输出
  --follower OPENID 一个关注者，可多次使用
  --trouble 规则    错误码[:路径[:次数]]，可多次使用，以第一条符合的为准。错误码如 40001、42001、45009、-1、
                    40164，或 stall（不应答）、cut（只应答一半）；路径为开头部分：
                    --trouble 45009:/cgi-bin/message/:3`,
  },
  async run(words, terminal) {
    const { values } = parseArgs({ args: words.flatMap(joinNegative), options: OPTIONS })
    const rules = values.trouble.map(ruleOf)
    const { account, settings } = await accountOf(values['app-id'], values.secret, terminal)
    const api = await startFakeApi({
      account,
      port: portOf(values.port),
      strangers: true,
      ...(values.menu !== undefined && { menu: readJsonFile(values.menu) }),
    })
    for (const openid of values.follower) api.noteAction({ openid, kind: 'text' })
    api.trouble(rules)
    introduce(api, settings, terminal)
    try {
      await Promise.race([terminal.stopRequested(), showCalls(api, terminal)])
    } finally {
      await api.close()
    }
    return 0
  },
}

/** `--trouble -1` as `--trouble=-1`: an errcode that begins with a dash would be taken for an option. */
function joinNegative(word: string, index: number, words: readonly string[]): string | [] {
  const next = words[index + 1] ?? ''
  if (word === '--trouble' && NEGATIVE.test(next)) return `${word}=${next}`
  return NEGATIVE.test(word) && words[index - 1] === '--trouble' ? [] : word
}

const NEGATIVE = /^-\d/

const MADE_UP = { appId: 'wx5151515151515151', appSecret: '51515151515151515151515151515151' }
/** What an API account never uses. */
const UNUSED = { token: 'unused', aesKey: 'A'.repeat(43), userName: 'gh_000000000000' }

/** The account, and the settings that the responder has to get since it does not have them yet. */
async function accountOf(
  appId: string | undefined,
  secret: string | undefined,
  { environment, directory }: Terminal,
): Promise<{ account: SimulatedAccount; settings: Record<string, string> }> {
  // The Token is for messages; without a configuration there is none.
  const config = await loadConfig({ WEIXIN_TOKEN: UNUSED.token, ...environment }, directory)
  const configured = config.appId && config.appSecret ? { appId: config.appId, appSecret: config.appSecret } : undefined
  const known = configured ?? MADE_UP
  const account = { ...UNUSED, appId: appId ?? known.appId, appSecret: secret ?? known.appSecret }
  return {
    account,
    settings: {
      ...(account.appId !== configured?.appId && { WEIXIN_APP_ID: account.appId }),
      // One that somebody has given is not shown.
      ...(!configured && secret === undefined && { WEIXIN_APP_SECRET: MADE_UP.appSecret }),
    },
  }
}

function introduce(api: FakeApi, settings: Record<string, string>, { print, say }: Terminal): void {
  print(say(INTRODUCTION))
  // A store of its own: a simulated access token must never be taken for a real one.
  const store = path.join(os.tmpdir(), `weixin-api-${new URL(api.url).port}`)
  const all = { WEIXIN_API_BASE: api.url, ...settings, WEIXIN_STORE: `file:${store}` }
  for (const [name, value] of Object.entries(all)) print(`  ${name}=${value}`)
  print('')
}

const INTRODUCTION: Bilingual = {
  en: "The fake API is answering. Set these in the responder's environment, and in that of weixin:\n",
  zh: '模拟接口已启动。请在公众号服务和 weixin 命令的环境中设置：\n',
}

/** Prints as it happens; rejects when nobody reads it any more. */
function showCalls(api: FakeApi, { print }: Terminal): Promise<never> {
  return new Promise((_, reject) => {
    const show = (line: string) => {
      try {
        print(line)
      } catch (error) {
        reject(error)
      }
    }
    api.onCall(call => show(callLine(call)))
    api.onFollowerMessage((openid, message) => show(`          → ${openid}  ${JSON.stringify(message)}`))
  })
}

function callLine({ at, method, path, query, status, errcode, milliseconds }: ApiCall): string {
  const time = new Date(at).toTimeString().slice(0, 'hh:mm:ss'.length)
  const result = status === 0 ? '-' : status === 200 ? errcode : `HTTP ${status}`
  return `${time}  ${result}  ${method} ${path}${query}  ${Math.round(milliseconds)} ms`
}

function ruleOf(text: string): TroubleRule {
  const [, code = '', path = '', times] = /^(-?\d{1,7}|stall|cut)(?::([^:]*)(?::(\d{1,6}))?)?$/.exec(text) ?? []
  if (code === '') {
    throw new UsageError({
      en: `--trouble ${text}: CODE[:PATH[:TIMES]] is permitted, where CODE is an errcode, stall or cut`,
      zh: `--trouble ${text}：应为 错误码[:路径[:次数]]，错误码可以是数字、stall 或 cut`,
    })
  }
  const trouble = code === 'stall' || code === 'cut' ? code : Number(code)
  return { trouble, ...(path !== '' && { path }), ...(times !== undefined && { times: Number(times) }) }
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65535) return port
  throw new UsageError({
    en: `--port ${text}: 1 to 65535 is permitted, and 0 for any free one`,
    zh: `--port ${text}：应为 1 到 65535；0 表示任选一个空闲端口`,
  })
}
