import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { type Entry, isRefused, isRequest } from '../traffic/entry.ts'
import { followJournal } from '../traffic/follow.ts'
import { journalFolder } from '../traffic/journal-files.ts'
import { readJournal } from '../traffic/read.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { readWholeNumber } from './terminal/number-option.ts'
import { printable } from './terminal/table.ts'

const OPTIONS = {
  follow: { type: 'boolean', short: 'f', default: false },
  lines: { type: 'string', short: 'n', default: '20' },
  account: { type: 'string' },
  kind: { type: 'string', multiple: true, default: [] as string[] },
  refused: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

/** Milliseconds between two looks at the journal. */
const LOOK = 250

/** `weixin log [-f]`: the last lines of the journal, and those that come. */
export const log: Command = {
  summary: { en: 'show the journal of the traffic, and follow it live', zh: '查看流量日志，并可实时跟踪' },
  usage: {
    en: `Usage: weixin log [-f] [-n N] [--account NAME] [--kind KIND …] [--refused] [--json]

Shows the last lines of the journal, one for each request; what went wrong is red, on a terminal. "journal": true in the
configuration switches it on.

  -f, --follow      goes on with what comes, until Ctrl-C
  -n, --lines N     that many lines (default 20)
  --account NAME    only this account's
  --kind KIND       only these messages: text, image, event, event:CLICK, access-check …
  --refused         only requests that were refused
  --json            the lines as they are in the journal`,
    zh: `用法：weixin log [-f] [-n N] [--account 名称] [--kind 类型 …] [--refused] [--json]

显示流量日志的最后几行，每个请求一行；在终端中出错的行为红色。在配置中设置 "journal": true 即可开启流量日志。

  -f, --follow      持续显示新的记录，直到按下 Ctrl-C
  -n, --lines N     显示的行数（默认 20）
  --account 名称    只看这个账号
  --kind 类型       只看这些类型：text、image、event、event:CLICK、access-check 等
  --refused         只看被拒绝的请求
  --json            按日志中的原样输出`,
  },
  async run(words, terminal) {
    const { values } = parseArgs({ args: words, options: OPTIONS })
    const lines = readWholeNumber('--lines', values.lines, 0, 999_999)
    const config = await loadConfig(terminal.environment, terminal.directory)
    const folder = journalFolder(config.store, terminal.directory)
    const stopRequested = values.follow ? terminal.stopRequested() : undefined
    const fits = filterOf(values)
    const print = values.json ? printJson(terminal) : printLine(terminal)
    const follow = followJournal(folder)
    // Older files are read only where the last one does not hold enough.
    let shown = follow().filter(fits)
    if (shown.length < lines) shown = [...readJournal(folder, 0)].filter(fits)
    shown.slice(Math.max(0, shown.length - lines)).forEach(print)
    if (config.journal === 'off') terminal.printError(terminal.say(SWITCHED_OFF))
    if (stopRequested) await printNew(() => follow().filter(fits).forEach(print), stopRequested)
    return config.journal === 'off' && shown.length === 0 ? 1 : 0
  },
}

const SWITCHED_OFF = {
  en: 'weixin: the journal is switched off; "journal": true in weixin.config.json switches it on',
  zh: 'weixin：流量日志未开启；请在 weixin.config.json 中设置 "journal": true',
}

async function printNew(look: () => void, stopRequested: Promise<void>): Promise<void> {
  const looking = setInterval(look, LOOK)
  await stopRequested
  clearInterval(looking)
  look()
}

interface Filter {
  readonly account?: string | undefined
  readonly kind: readonly string[]
  readonly refused: boolean
}

/** `event` stands for all events. */
function filterOf({ account, kind: kinds, refused }: Filter): (entry: Entry) => boolean {
  return entry =>
    (account === undefined || entry.account === account) &&
    (kinds.length === 0 || kinds.some(kind => entry.kind === kind || entry.kind?.startsWith(`${kind}:`))) &&
    (!refused || isRefused(entry))
}

function printJson({ print }: Terminal): (entry: Entry) => void {
  return ({ time, ...entry }) => print(JSON.stringify({ time: new Date(time).toISOString(), ...entry }))
}

const PLAIN = { time: '', good: '', bad: '', weak: '', end: '' }
const COLOURS = { time: '\x1b[2m', good: '\x1b[32m', bad: '\x1b[31m', weak: '\x1b[33m', end: '\x1b[0m' }
/** Milliseconds after which WeChat no longer waits. */
const PATIENCE = 5000

function printLine({ print, isColourful }: Terminal): (entry: Entry) => void {
  const { time, end, ...colours } = isColourful ? COLOURS : PLAIN
  return entry => print(`${time}${localTime(entry.time)}${end} ${colours[toneOf(entry)]}${sentence(entry)}${end}`)
}

function toneOf({ level, ms = 0, delivery = 1, by, ...entry }: Entry): 'good' | 'bad' | 'weak' {
  if (level === 'error' || by === 'error' || isRefused({ level, ...entry }) || ms > PATIENCE) return 'bad'
  return level === 'warn' || delivery > 1 || !isRequest({ level, ...entry }) ? 'weak' : 'good'
}

function localTime(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

/** `default  text → news  12 ms  #2  47f983c6  “你好”` */
function sentence(entry: Entry): string {
  const { account, kind = '-', answer, by, ms, delivery = 1, follower, content, message, status } = entry
  const outcome = isRefused(entry) ? `${status} ${entry.reason}` : by ? `${answer} (${by})` : answer
  const words = isRequest(entry)
    ? [account, `${kind} → ${outcome}`, ms !== undefined && `${ms} ms`, delivery > 1 && `#${delivery}`, follower]
    : [account]
  const remark = isRequest(entry) && !isRefused(entry) ? content && `“${content}”` : message
  return printable([...words, remark].filter(Boolean).join('  '))
}
