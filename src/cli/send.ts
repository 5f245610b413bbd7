import { randomBytes, randomInt } from 'node:crypto'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Account, createAccount } from '../account.ts'
import { loadConfig } from '../config/load.ts'
import { openEnvelope, readEnvelope } from '../crypto/envelope.ts'
import { UsageError, WeixinError } from '../errors.ts'
import { parseReply } from '../reply/parse.ts'
import { type Delivery, deliverToScript, deliverToUrl, type Outcome } from '../simulator/deliver.ts'
import { composeMessage, MESSAGE_KINDS, SAMPLE_ACCOUNT, SAMPLE_FOLLOWER } from '../simulator/message.ts'
import { type Stamp, sealMessage, signAccessCheck, signMessage } from '../simulator/sign.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { readMode } from './terminal/mode-option.ts'
import { inDevelopment } from './trial/development.ts'

const OPTIONS = {
  url: { type: 'string' },
  mode: { type: 'string' },
  from: { type: 'string', default: SAMPLE_FOLLOWER },
  to: { type: 'string', default: SAMPLE_ACCOUNT },
  field: { type: 'string', multiple: true, default: [] as string[] },
} as const

/** `weixin send KIND [VALUE…]`: one signed request, and what comes back. */
export const send: Command = {
  summary: { en: 'send one signed message and show the answer', zh: '发送一条签名消息并显示回复' },
  usage: {
    en: `Usage: weixin send KIND [VALUE…] [options]

  KIND   ${MESSAGE_KINDS.en}; or echo: the access check (GET)
  VALUE  the kind's elements in order: weixin send text '你好'; weixin send event:CLICK menu-key

  --url URL         where to send; without it the script runs with a piped CGI environment
  --mode MODE       plain, compatible or safe (default: plain, or safe when the configuration says so)
  --from OPENID     the follower        --to GH_ID   the account
  --field NAME=TEXT one more element, as often as you like

Exit code: 0 for status 200 and an answer that WeChat takes, otherwise 1.`,
    zh: `用法：weixin send 类型 [值…] [选项]

  类型   ${MESSAGE_KINDS.zh}；或 echo：接入校验（GET）
  值     按顺序填写该类型的字段：weixin send text '你好'；weixin send event:CLICK menu-key

  --url 网址        发送到哪里；不填则以管道方式把脚本当作 CGI 运行
  --mode 模式       plain 明文、compatible 兼容、safe 安全（默认明文；配置为安全模式时默认安全）
  --from OPENID     关注者              --to GH_ID   公众号原始 ID
  --field 名称=文本 增加一个字段，可多次使用

退出码：状态为 200 且微信会接受该回复时是 0，否则是 1。`,
  },
  async run(words, terminal) {
    const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true })
    const [kind, ...texts] = positionals
    if (!kind) throw new UsageError(send.usage)
    const account = createAccount('default', await loadConfig(terminal.environment, terminal.directory))
    const stamp = createStamp(account)
    const delivery =
      kind === 'echo'
        ? signAccessCheck(stamp, String(randomInt(2 ** 47)))
        : deliveryOf(compose(kind, texts, values), values, stamp, account)
    const outcome = values.url
      ? await deliverToUrl(values.url, delivery)
      : await deliverToScript(
          path.join(terminal.directory, 'cgi-bin', 'weixin'),
          { ...terminal.environment, ...inDevelopment(terminal.environment) },
          delivery,
        )
    show(terminal, values.url ?? 'cgi-bin/weixin', delivery, outcome)
    if (outcome.status !== 200) return 1
    return kind === 'echo' || isTaken(outcome.body, account, terminal) ? 0 : 1
  },
}

interface Addressing {
  readonly from: string
  readonly to: string
  readonly field: readonly string[]
}

function createStamp(account: Account): Stamp {
  const [token = ''] = account.tokens
  return { token, timestamp: String(Math.floor(Date.now() / 1000)), nonce: String(randomInt(2 ** 31)) }
}

function compose(kind: string, values: readonly string[], { from, to, field }: Addressing): string {
  return composeMessage({
    kind,
    values,
    fields: Object.fromEntries(field.map(text => text.split(/=(.*)/s, 2))),
    toUserName: to,
    fromUserName: from,
    createTime: Math.floor(Date.now() / 1000),
    msgId: `2${String(randomInt(2 ** 47)).padStart(16, '0')}`,
  })
}

function deliveryOf(
  xml: string,
  { mode, from, to }: Addressing & { readonly mode?: string | undefined },
  stamp: Stamp,
  { mode: configured, credentials }: Account,
): Delivery {
  const wanted = mode === undefined ? (configured === 'safe' ? 'safe' : 'plain') : readMode(mode)
  if (wanted === 'plain') return signMessage(stamp, xml, from)
  const [key] = credentials?.aesKeys ?? []
  if (!credentials || !key) {
    throw new UsageError({
      en: `--mode ${wanted} needs "aesKey" and "appId" in the configuration`,
      zh: `--mode ${wanted} 需要在配置中填写 "aesKey" 和 "appId"`,
    })
  }
  const seal = { ...stamp, key, appId: credentials.appId, random: randomBytes }
  return sealMessage(wanted, seal, xml, { toUserName: to, openid: from })
}

function show(
  { print, printError, say }: Terminal,
  target: string,
  sent: Delivery,
  { log, ...outcome }: Outcome,
): void {
  print(`${sent.method} ${target}?${sent.query}`)
  if (sent.body) print(sent.body)
  print('')
  const { status, body, milliseconds } = outcome
  const bytes = Buffer.byteLength(body)
  const type = outcome.headers['content-type'] ?? '-'
  const figures = `${status}  ${type}  ${bytes} ${say({ en: 'bytes', zh: '字节' })}  ${Math.round(milliseconds)} ms`
  print(figures)
  print(body)
  if (log) printError(log.trimEnd())
}

/**
 * Whether WeChat would take the answer to a message; if not, the reason is told. An encrypted one is shown decrypted,
 * and checked as WeChat would check it.
 */
function isTaken(body: string, { credentials }: Account, { print, printError, say, language }: Terminal): boolean {
  try {
    const encrypted = credentials && /^\s*<xml>\s*<Encrypt>/.test(body)
    const reply = encrypted ? openEnvelope(readEnvelope(body), credentials).xml.toString() : body
    if (encrypted) print(`${say({ en: 'decrypted:', zh: '解密后：' })}\n${reply}`)
    parseReply(reply)
    return true
  } catch (error) {
    if (!(error instanceof WeixinError)) throw error
    printError(`weixin: ${error.in(language)}`)
    return false
  }
}
