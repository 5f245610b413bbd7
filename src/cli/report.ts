import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { UsageError } from '../errors.ts'
import type { Entry } from '../traffic/entry.ts'
import { percent } from '../traffic/figures.ts'
import { journalFolder } from '../traffic/journal-files.ts'
import { renderReport } from '../traffic/page.ts'
import { readJournal, readLog } from '../traffic/read.ts'
import { createStatistics, percentile, type Statistics, shareInTime } from '../traffic/statistics.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { readWholeNumber } from './terminal/number-option.ts'
import { writeNewFile } from './terminal/write-file.ts'

const OPTIONS = {
  days: { type: 'string', default: '30' },
  out: { type: 'string', default: 'weixin-report.html' },
  log: { type: 'string' },
  account: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

const DAY = 86_400_000

/** `weixin report`: what the journal holds, as one page to look at. */
export const report: Command = {
  summary: {
    en: 'make a page of the traffic: how much, how fast, what was refused',
    zh: '生成流量报告网页：消息量、应答时间、拒绝原因',
  },
  usage: {
    en: `Usage: weixin report [--days N] [--out FILE] [--log FILE] [--account NAME] [--json]

Makes one HTML page that needs nothing else, in both languages: messages by day and hour, kinds, answer times against the
five seconds that WeChat waits, redeliveries, refusals by reason, access tokens; with "logContents" words that followers
write often, and those that nobody answers. "journal": true in the configuration lets the responder keep what it needs.

  --days N          the last N days (default 30, 366 at the most)
  --out FILE        where to (default weixin-report.html); it is replaced
  --log FILE        a log in JSON (WEIXIN_LOG=json) in the place of the journal; - is the standard input
  --account NAME    only this account's
  --json            the numbers as JSON, and no page`,
    zh: `用法：weixin report [--days N] [--out 文件] [--log 文件] [--account 名称] [--json]

生成一个独立的 HTML 网页，中英双语：每天每小时的消息量、消息类型、应答时间（对照微信等待的 5 秒）、重复推送、各种原因的拒绝、
access token 的获取；开启 "logContents" 后还有用户常发的内容和无人应答的内容。数据来自流量日志，在配置中设置 "journal": true 即可开启。

  --days N          最近 N 天（默认 30，最多 366）
  --out 文件        输出到哪里（默认 weixin-report.html）；已存在时会被替换
  --log 文件        改用 JSON 格式的日志（WEIXIN_LOG=json）；- 表示标准输入
  --account 名称    只统计这个账号
  --json            输出 JSON 数据，不生成网页`,
  },
  async run(words, terminal) {
    const { values } = parseArgs({ args: words, options: OPTIONS })
    const now = Date.now()
    const since = new Date(now - (readWholeNumber('--days', values.days, 1, 366) - 1) * DAY).setHours(0, 0, 0, 0)
    const statistics = createStatistics(since, now)
    for await (const entry of await readEntries(values.log, since, terminal)) {
      if (values.account === undefined || entry.account === values.account) statistics.add(entry)
    }
    const result = statistics.result()
    if (values.json) terminal.print(JSON.stringify(asJson(result), null, 2))
    else await writePage(values.out, result, terminal)
    return 0
  },
}

async function readEntries(
  log: string | undefined,
  since: number,
  { directory, environment, printError, say }: Terminal,
): Promise<Iterable<Entry> | AsyncIterable<Entry>> {
  if (log !== undefined) return readLog(openLog(log), since)
  const config = await loadConfig(environment, directory)
  if (config.journal === 'off') {
    printError(
      say({
        en: 'weixin: the journal is switched off, so there is nothing new in it; "journal": true in weixin.config.json switches it on',
        zh: 'weixin：流量日志未开启，没有新的数据；请在 weixin.config.json 中设置 "journal": true',
      }),
    )
  }
  return readJournal(journalFolder(config.store, directory), since)
}

function openLog(file: string): NodeJS.ReadableStream {
  if (file === '-') return fs.createReadStream('', { fd: 0 })
  try {
    return fs.createReadStream(file, { fd: fs.openSync(file, 'r') })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError({ en: `cannot read ${file}: ${code}`, zh: `无法读取 ${file}：${code}` })
  }
}

async function writePage(file: string, statistics: Statistics, { language, print, say }: Terminal): Promise<void> {
  fs.rmSync(file, { force: true })
  await writeNewFile(file, renderReport(statistics, language))
  const { messages, latencies } = statistics
  const share = latencies.length > 0 ? percent(shareInTime(latencies)) : '–'
  print(
    say({
      en: `${path.resolve(file)}: ${messages} messages, ${share} of the answers within 5 s`,
      zh: `${path.resolve(file)}：${messages} 条消息，${share} 的应答在 5 秒之内`,
    }),
  )
}

/** Percentiles in the place of every single time. */
function asJson({ latencies, days, from, to, ...rest }: Statistics) {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    ...rest,
    latency: latencyOf(latencies),
    days: days.map(({ latencies, ...day }) => ({ ...day, latency: latencyOf(latencies) })),
  }
}

function latencyOf(sorted: readonly number[]) {
  const at = (share: number) => percentile(sorted, share)
  return { answers: sorted.length, inTime: shareInTime(sorted), p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
