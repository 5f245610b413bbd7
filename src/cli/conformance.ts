import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { decodeAesKey } from '../crypto/cipher.ts'
import { UsageError } from '../errors.ts'
import { type Check, groupOf } from '../simulator/conformance/check.ts'
import { checks } from '../simulator/conformance/checks/index.ts'
import { runAsJson } from '../simulator/conformance/json.ts'
import type { PlayedAccount } from '../simulator/conformance/player.ts'
import { renderReport, verdict } from '../simulator/conformance/report.ts'
import { type CheckResult, countResults, type Run, runChecks } from '../simulator/conformance/run.ts'
import { createScriptWire, createUrlWire, NoAnswer } from '../simulator/conformance/wire.ts'
import { SAMPLE_ACCOUNT } from '../simulator/message.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { readMode } from './terminal/mode-option.ts'
import { createProgress } from './terminal/progress.ts'
import { printable, printTable } from './terminal/table.ts'
import { readTarget } from './terminal/target.ts'
import { writeNewFile } from './terminal/write-file.ts'

const OPTIONS = {
  token: { type: 'string' },
  'app-id': { type: 'string' },
  'aes-key': { type: 'string' },
  mode: { type: 'string' },
  to: { type: 'string' },
  only: { type: 'string', multiple: true, default: [] as string[] },
  list: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  report: { type: 'string' },
  messages: { type: 'string', default: '20' },
  timeout: { type: 'string', default: '5' },
  yes: { type: 'boolean', default: false },
} as const

/** `weixin conformance [URL]`: plays the platform against a responder, ours or another, and judges it. */
export const conformance: Command = {
  summary: { en: 'check any responder the way WeChat would meet it', zh: '以微信的方式检查任意公众号服务' },
  usage: {
    en: `Usage: weixin conformance [URL] [options]

Plays ${checks.length} checks against the responder at URL, whoever wrote it; without URL against the script itself with a piped
CGI environment. It sends forged, broken and hostile requests, and messages of followers that do not exist: use a
deployment for testing.

  --token TOKEN --app-id ID --aes-key KEY   what the responder is set to (default: the configuration)
  --mode MODE       plain, compatible or safe, as in the console (default: the configuration's)
  --to GH_ID        the account's original id (default: the configuration's, else a sample)
  --only NAME…      these checks, or groups of them: --only access text-cdata
  --list            tells the checks, and plays none
  --json            JSON for programs in place of a table
  --report FILE     writes an HTML page as well; a file that is there is replaced
  --messages N      how many messages the latency is measured with, 1 to 10000 (default 20)
  --timeout SECONDS how long an answer may take (default 5, as WeChat)
  --yes             permits a URL that is not on this machine

Exit code: 0 every “must” passed, 1 one failed or nobody answers, 2 a mistake in the command or the configuration.`,
    zh: `用法：weixin conformance [网址] [选项]

对网址上的公众号服务（不论由谁编写）进行 ${checks.length} 项检查；不填网址则以管道方式把本项目的脚本当作 CGI 运行。
检查会发送伪造的、残缺的和恶意的请求，以及并不存在的用户的消息：请用于测试环境。

  --token TOKEN --app-id ID --aes-key KEY   该服务的设置（默认取自配置文件）
  --mode 模式       plain 明文、compatible 兼容、safe 安全，与后台一致（默认取自配置文件）
  --to GH_ID        公众号原始 ID（默认取自配置文件，否则使用示例值）
  --only 名称…      只做这些检查，也可以写组名：--only access text-cdata
  --list            只列出检查项，不执行
  --json            输出 JSON 供程序使用，而不是表格
  --report 文件     另外生成一份 HTML 报告；文件已存在时会被替换
  --messages N      用多少条消息测量应答时间，1 到 10000（默认 20）
  --timeout 秒      等待应答的时间（默认 5 秒，与微信相同）
  --yes             允许检查不在本机上的网址

退出码：0 必须项全部通过；1 有必须项不合格，或无人应答；2 命令或配置有误。`,
  },
  async run(words, terminal) {
    const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true })
    // Behind --only, names of checks may follow one another.
    const address = values.only.length === 0 ? positionals[0] : positionals.find(word => /^https?:/i.test(word))
    const names = positionals.filter(word => word !== address)
    if (names.length > 0 && values.only.length === 0) throw new UsageError(conformance.usage)
    const url = address === undefined ? undefined : readTarget(address, values.yes, SENT)
    const chosen = chooseChecks([...values.only.flatMap(text => text.split(',')), ...names])
    if (values.list) {
      list(chosen, values.json, terminal)
      return 0
    }
    const settings = {
      ...terminal.environment,
      ...(values.token !== undefined && { WEIXIN_TOKEN: values.token }),
      ...(values['app-id'] !== undefined && { WEIXIN_APP_ID: values['app-id'] }),
      ...(values['aes-key'] !== undefined && { WEIXIN_AES_KEY: values['aes-key'] }),
      ...(values.mode !== undefined && { WEIXIN_MODE: readMode(values.mode) }),
    }
    const account = await readAccount(settings, terminal.directory, values.to)
    const patience = readNumber('--timeout', values.timeout, 0.1, 60) * 1000
    const messages = readNumber('--messages', values.messages, 1, 10_000)
    const wire = url
      ? createUrlWire(url, patience)
      : createScriptWire(path.join(terminal.directory, 'cgi-bin', 'weixin'), settings, patience)
    const lanes = url ? 4 : os.availableParallelism() + 1
    const common = { checks: chosen, account, wire, lasting: url !== undefined, lanes, patience, messages }
    const target = address ?? 'cgi-bin/weixin'
    const run = await playWithProgress(common, target, terminal)
    if (!run) return 1
    if (values.report !== undefined)
      await writeReport(values.report, renderReport(run, target, patience, terminal.language))
    if (values.json) terminal.print(JSON.stringify(runAsJson(run, target), null, 2))
    else tell(run, terminal)
    return countResults(run, 'failed', 'must') > 0 ? 1 : 0
  },
}

const SENT = {
  en: 'hostile requests, and messages of followers that do not exist',
  zh: '恶意请求和并不存在的用户的消息',
}

/** Undefined when nobody answers, which is told. */
async function playWithProgress(
  options: Omit<Parameters<typeof runChecks>[0], 'now' | 'progress'>,
  target: string,
  terminal: Terminal,
): Promise<Run | undefined> {
  const progress = createProgress(terminal, 'conformance')
  try {
    return await runChecks({ ...options, now: Date.now, progress: progress.report })
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    progress.end()
    const { say, printError } = terminal
    printError(say({ en: `weixin: ${target}: ${error.message}`, zh: `weixin：${target}：${error.zh}` }))
    return undefined
  } finally {
    progress.end()
  }
}

/** @throws {UsageError} when a name is neither a check nor a group */
function chooseChecks(names: readonly string[]): readonly Check[] {
  for (const name of names) {
    if (checks.some(check => check.name === name || groupOf(check) === name)) continue
    const groups = [...new Set(checks.map(groupOf))]
    throw new UsageError({
      en: `there is no check ${name}; groups: ${groups.join(', ')}; --list tells all`,
      zh: `没有 ${name} 这项检查；组名有：${groups.join('、')}；--list 列出全部`,
    })
  }
  if (names.length === 0) return checks
  return checks.filter(check => names.includes(check.name) || names.includes(groupOf(check)))
}

function readNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (text.trim() !== '' && number >= least && number <= most) return number
  throw new UsageError({
    en: `${option} ${text}: a number from ${least} to ${most} is permitted`,
    zh: `${option} ${text}：应为 ${least} 到 ${most} 的数`,
  })
}

async function readAccount(
  environment: Terminal['environment'],
  directory: string,
  toUserName: string | undefined,
): Promise<PlayedAccount> {
  const { token, mode, appId, aesKey, originalId } = await loadConfig(environment, directory)
  // What compatible and safe mode need is there: the configuration has been asked for it.
  const keys = appId !== undefined && aesKey !== undefined ? { appId, key: decodeAesKey(aesKey) } : {}
  return { token, mode, ...keys, toUserName: toUserName ?? originalId ?? SAMPLE_ACCOUNT }
}

/** A report is made again and again under one name. */
async function writeReport(file: string, page: string): Promise<void> {
  fs.rmSync(file, { force: true })
  await writeNewFile(file, page)
}

function list(chosen: readonly Check[], json: boolean, terminal: Terminal): void {
  const told = chosen.map(({ name, severity, title, why }) => ({ name, severity, title, why }))
  const rows = chosen.map(({ name, severity, title }) => [
    name,
    terminal.say(SEVERITIES[severity]),
    terminal.say(title),
  ])
  printTable(terminal, json, told, rows)
}

const SEVERITIES = { must: { en: 'must', zh: '必须' }, should: { en: 'should', zh: '应当' } }

function tell(run: Run, terminal: Terminal): void {
  const { say, print } = terminal
  printTable(
    terminal,
    false,
    undefined,
    run.results.map(result => rowOf(result, terminal)),
  )
  for (const { check, state, finding } of run.results) {
    if (state !== 'failed' || !finding) continue
    const colon = say({ en: ': ', zh: '：' })
    print(`\n${markOf({ check, state })} ${check.name}${colon}${say(check.title)}`)
    print(`  ${printable(say(finding))}`)
    print(`  ${say({ en: 'why', zh: '原因' })}${colon}${say(check.why)}`)
  }
  print(`\n${say(verdict(run))}`)
}

function rowOf({ check, state, finding, milliseconds }: CheckResult, { say }: Terminal) {
  const text = state === 'skipped' && finding ? say(finding) : say(check.title)
  return [markOf({ check, state }), check.name, say(SEVERITIES[check.severity]), `${Math.round(milliseconds)} ms`, text]
}

function markOf({ check, state }: Pick<CheckResult, 'check' | 'state'>): string {
  if (state === 'failed') return check.severity === 'must' ? '✗' : '!'
  return state === 'passed' ? '✓' : '–'
}
