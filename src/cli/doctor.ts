import fs from 'node:fs'
import { text as readAll } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { checks } from '../doctor/checks/index.ts'
import { examine, type Result } from '../doctor/examine.ts'
import { type Explanation, explain } from '../doctor/explain.ts'
import { explainLog } from '../doctor/log-lines.ts'
import { createPatient } from '../doctor/patient.ts'
import { withoutSecrets } from '../doctor/secrets.ts'
import { thisWorld, type Wanted } from '../doctor/world.ts'
import { UsageError } from '../errors.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { createProgress } from './terminal/progress.ts'
import { printable } from './terminal/table.ts'

const OPTIONS = {
  url: { type: 'string' },
  apache: { type: 'string' },
  offline: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  explain: { type: 'string' },
  log: { type: 'string' },
} as const

/** `weixin doctor`: what is wrong with an installation, the first cause first, and what to do about it. */
export const doctor: Command = {
  summary: { en: 'find out what is wrong, and what to do about it', zh: '检查安装，指出问题和解决办法' },
  usage: {
    en: `Usage: weixin doctor [options]            examine this installation
       weixin doctor --explain CODE|TEXT  explain an errcode, a status, a reason of the log, or what somebody saw
       weixin doctor --log FILE           explain Apache's error log or a journal; - is the standard input

Makes ${checks.length} checks in the order in which things break. What depends on a check that failed is not judged: begin with the
first ✗. With sudo it sees files as the web server's user does. It sends signed requests through Apache on this machine,
among them an event that no handler knows, and asks WeChat's API with the account's AppSecret.

  --url URL      the URL in the console, where Apache is on another machine or has another server in front
  --apache DIR   which Apache, where several are installed: /etc/apache2, C:/wamp64
  --offline      leave WeChat's API out
  --json         JSON for programs, in both languages

Exit code: 0 all is well, warnings aside, 1 something has failed, 2 a mistake in the command.`,
    zh: `用法：weixin doctor [选项]                检查本机的安装
      weixin doctor --explain 错误码或文字  解释错误码、状态码、日志中的 reason，或看到的提示
      weixin doctor --log 文件              解释 Apache 错误日志或 journal；- 表示标准输入

按照出错的先后顺序进行 ${checks.length} 项检查。某项未通过时，依赖它的检查不再判断：请从第一个 ✗ 开始处理。用 sudo 运行时，
会以 Web 服务器用户的身份检查文件。检查会经本机 Apache 发送带签名的请求（包括一个没有处理程序的事件），
并用账号的 AppSecret 调用微信接口。

  --url 网址     后台填写的 URL；Apache 在其他机器上或前面还有其他服务器时使用
  --apache 目录  装有多个 Apache 时指定其一：/etc/apache2、C:/wamp64
  --offline      不调用微信接口
  --json         输出 JSON 供程序使用，包含两种语言

退出码：0 正常（可能有警告）；1 有未通过的检查；2 命令有误。`,
  },
  async run(words, terminal) {
    const { values } = parseArgs({ args: joined(words), options: OPTIONS })
    if (values.explain !== undefined) return tellExplanations(explain(values.explain), values.json, terminal)
    if (values.log !== undefined) return tellLog(await readLog(values.log), values.json, terminal)
    const { apache, offline } = values
    const results = await examineHere({ url: readUrl(values.url), apache, offline }, terminal)
    if (values.json) terminal.print(JSON.stringify(asJson(results), null, 2))
    else tell(results, terminal)
    return results.some(({ state }) => state === 'failure') ? 1 : 0
  },
}

/** WeChat's codes may begin with a minus, which looks like an option. */
function joined(words: readonly string[]): string[] {
  const at = words.indexOf('--explain')
  const code = words[at + 1]
  if (at < 0 || code === undefined || !/^-\d+$/.test(code)) return [...words]
  return [...words.slice(0, at), `--explain=${code}`, ...words.slice(at + 2)]
}

async function examineHere(wanted: Wanted, terminal: Terminal): Promise<Result[]> {
  const patient = createPatient(thisWorld(terminal.environment, terminal.directory, wanted))
  const progress = createProgress(terminal, 'doctor')
  try {
    return await examine(checks, patient, (_, index) => progress.report(index, checks.length))
  } finally {
    progress.end()
    const apis = await patient.apis().catch(() => [])
    await Promise.all(apis.map(api => api.close()))
  }
}

const MARKS = { ok: '✓', warning: '!', failure: '✗', skipped: '–' } as const

function tell(results: readonly Result[], { print, say }: Terminal): void {
  const width = Math.max(...checks.map(({ name }) => name.length))
  for (const { check, state, saw, todo } of results) {
    print(`${MARKS[state]} ${check.name.padEnd(width)}  ${printable(say(saw))}`)
    if (todo) print(`${' '.repeat(width + 4)}→ ${printable(say(todo))}`)
  }
  const count = (state: Result['state']) => results.filter(each => each.state === state).length
  const first = results.find(({ state }) => state === 'failure')
  print('')
  if (first) {
    const { name, title } = first.check
    print(say({ en: `Begin with “${name}” (${title.en}).`, zh: `请先处理“${name}”（${title.zh}）。` }))
  } else {
    const warnings = count('warning')
    print(
      warnings === 0
        ? say({ en: 'All is well.', zh: '一切正常。' })
        : say({
            en: `Nothing has failed; ${warnings} to look at (!).`,
            zh: `没有未通过的检查；有 ${warnings} 条警告（!）。`,
          }),
    )
  }
}

function asJson(results: readonly Result[]) {
  const first = results.find(({ state }) => state === 'failure')
  return {
    state: first ? 'failure' : results.some(({ state }) => state === 'warning') ? 'warning' : 'ok',
    first: first?.check.name ?? null,
    findings: results.map(({ check: { name, title }, state, saw, todo = null }) => ({ name, title, state, saw, todo })),
  }
}

function tellExplanations(found: readonly Explanation[], json: boolean, { print, printError, say }: Terminal): number {
  if (json)
    print(
      JSON.stringify(
        found.map(({ what, todo }) => ({ what, todo })),
        null,
        2,
      ),
    )
  else for (const { what, todo } of found) print(`${say(what)}\n→ ${say(todo)}`)
  if (found.length > 0) return 0
  printError(
    say({
      en: 'weixin: nothing is known of that; try a shorter piece of it, or an AH number',
      zh: 'weixin：没有相关说明；请换一段较短的文字，或 AH 开头的编号',
    }),
  )
  return 1
}

function tellLog(text: string, json: boolean, terminal: Terminal): number {
  const { print, say } = terminal
  const found = explainLog(text).map(({ symptom: { what, todo, weight }, count, example }) => {
    return { count, weight, what, todo, example: printable(withoutSecrets(example, [])) }
  })
  if (json) print(JSON.stringify(found, null, 2))
  else if (found.length === 0) print(say({ en: 'It says nothing that is known here.', zh: '日志中没有可识别的内容。' }))
  else {
    for (const { count, what, todo, example } of found) {
      print(`${String(count).padStart(6)} × ${say(what)}\n         ${example}\n         → ${say(todo)}`)
    }
  }
  return 0
}

/** @throws {UsageError} when it may not be read */
async function readLog(file: string): Promise<string> {
  if (file === '-') return readAll(process.stdin)
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError({ en: `cannot read ${file}: ${code}`, zh: `无法读取 ${file}：${code}` })
  }
}

/** @throws {UsageError} when it is none */
function readUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined
  if (/^https?:/i.test(text) && URL.canParse(text)) return new URL(text)
  throw new UsageError({
    en: `--url ${text}: http://… or https://… is permitted`,
    zh: `--url ${text}：应以 http:// 或 https:// 开头`,
  })
}
