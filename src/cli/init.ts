import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { hindranceOf, nameOfUser, userNamed } from '../apache/access.ts'
import { describeApache } from '../apache/apache.ts'
import { findInstallations } from '../apache/installation.ts'
import { type Machine, thisMachine } from '../apache/machine.ts'
import { configPath, loadConfig } from '../config/load.ts'
import { UsageError } from '../errors.ts'
import type { Command, Terminal } from './command.ts'
import { readConfigText, withValues } from './config-text.ts'
import { consoleForm } from './console-form.ts'
import { newAesKey, newToken } from './first-config.ts'
import { askFor } from './init-questions.ts'
import { doubtAbout, INIT_KEYS, type InitKey, type InitValues, modeOf, reasonAgainst } from './init-values.ts'
import { unreadable } from './read-json.ts'

const OPTIONS = {
  'app-id': { type: 'string' },
  token: { type: 'string' },
  'aes-key': { type: 'string' },
  mode: { type: 'string' },
  secret: { type: 'string' },
  'secret-from-file': { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const

const FLAGS: Readonly<Record<InitKey, string>> = {
  appId: '--app-id',
  mode: '--mode',
  token: '--token',
  aesKey: '--aes-key',
  appSecret: '--secret-from-file',
}

/** `weixin init`: the configuration of one account, asked for or from flags. */
export const init: Command = {
  summary: { en: 'make or complete weixin.config.json', zh: '生成或补全 weixin.config.json' },
  usage: {
    en: `Usage: weixin init [options]

Asks for what is not given, makes a Token and an EncodingAESKey, checks each value, writes weixin.config.json (mode
0600) and says what to enter in WeChat's console. What the file holds already stays, comments too.

  --app-id ID       wx…, from 设置与开发 → 基本配置
  --mode MODE       safe (default with an AppID), compatible or plain
  --token TOKEN     default: the one that is there, else a random one
  --aes-key KEY     the EncodingAESKey; default: the one that is there, else a random one
  --secret-from-file FILE   the AppSecret from a file; - is the standard input
  --secret SECRET   the AppSecret; other users of this machine can see it here
  --yes             replace values that are there without a question

WEIXIN_APP_SECRET in the environment is taken as well. At a keyboard the AppSecret is asked for and not shown.`,
    zh: `用法：weixin init [选项]

询问没有给出的内容，生成 Token 和 EncodingAESKey，逐项检查，写入 weixin.config.json（权限 0600），
并说明要在公众平台后台填写什么。文件中已有的内容（包括注释）保持不变。

  --app-id ID       wx…，见 设置与开发 → 基本配置
  --mode 模式       safe 安全（有 AppID 时默认）、compatible 兼容、plain 明文
  --token TOKEN     默认沿用已有的，没有则随机生成
  --aes-key KEY     EncodingAESKey；默认沿用已有的，没有则随机生成
  --secret-from-file 文件   从文件读取 AppSecret；- 表示标准输入
  --secret SECRET   AppSecret；本机其他用户能看到这里的内容
  --yes             不询问，直接替换已有的值

也会读取环境变量 WEIXIN_APP_SECRET。在终端中会询问 AppSecret，输入时不显示。`,
  },
  run: (words, terminal) => runInit(words, terminal, thisMachine(terminal.environment)),
}

/** The command on a machine that may be another than this one. */
export async function runInit(words: string[], terminal: Terminal, machine: Machine): Promise<number> {
  const { values } = parseArgs({ args: words, options: OPTIONS })
  const file = configPath(terminal.environment, terminal.directory)
  const before = readConfig(file)
  const there = valuesOf(before === undefined ? {} : readConfigText(before, file))
  const given = checked(givenBy(values, terminal))
  const asked = await askFor(given, there, terminal)
  const wanted = complete({ ...given, ...asked }, there)
  await confirmReplacing(there, wanted, values.yes, terminal)
  const changes = changesTo(there, wanted)
  if (Object.keys(changes).length > 0) {
    write(machine, file, before === undefined ? `${JSON.stringify(changes, null, 2)}\n` : withValues(before, changes))
    terminal.print(
      terminal.say(
        before === undefined
          ? { en: `Made ${file}.`, zh: `已生成 ${file}。` }
          : { en: `Changed ${file}.`, zh: `已修改 ${file}。` },
      ),
    )
  } else terminal.print(terminal.say({ en: `${file} is complete already.`, zh: `${file} 已经完整，无需修改。` }))
  protect(machine, file, before === undefined, terminal)
  for (const key of INIT_KEYS) {
    const doubt = wanted[key] === undefined ? undefined : doubtAbout(key, wanted[key])
    if (doubt) terminal.printError(`${terminal.say({ en: 'Note:', zh: '注意：' })} ${terminal.say(doubt)}`)
  }
  await loadConfig(terminal.environment, terminal.directory)
  terminal.print(terminal.say(consoleForm(wanted)))
  return 0
}

function readConfig(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unreadable(file, error)
  }
}

function valuesOf(config: Readonly<Record<string, unknown>>): InitValues {
  const entries = INIT_KEYS.map(key => [key, config[key]] as const)
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string' && value !== ''))
}

type Flags = Readonly<Partial<Record<'app-id' | 'token' | 'aes-key' | 'mode' | 'secret' | 'secret-from-file', string>>>

function givenBy(flags: Flags, { environment, printError, say }: Terminal): InitValues {
  if (flags.secret !== undefined) {
    printError(
      say({
        en: 'Warning: --secret shows the AppSecret in the list of processes and in the history of the shell; use --secret-from-file, WEIXIN_APP_SECRET or the question',
        zh: '警告：--secret 会让 AppSecret 出现在进程列表和 shell 历史中；请改用 --secret-from-file、WEIXIN_APP_SECRET 或在提示时输入',
      }),
    )
  }
  const fromFile = flags['secret-from-file']
  const secret = flags.secret ?? (fromFile === undefined ? environment['WEIXIN_APP_SECRET'] : secretIn(fromFile))
  const given = {
    appId: flags['app-id'],
    mode: flags.mode,
    token: flags.token,
    aesKey: flags['aes-key'],
    appSecret: secret,
  }
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value.trim()]])),
  )
}

function secretIn(file: string): string {
  try {
    return fs.readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** @throws {UsageError} for the flags that are wrong, all of them */
function checked(given: InitValues): InitValues {
  const mistakes = INIT_KEYS.flatMap(key => {
    const reason = given[key] === undefined ? undefined : reasonAgainst(key, given[key])
    return reason ? [{ en: `${FLAGS[key]}: ${reason.en}`, zh: `${FLAGS[key]}：${reason.zh}` }] : []
  })
  if (mistakes.length === 0) return given
  throw new UsageError({ en: mistakes.map(({ en }) => en).join('\n'), zh: mistakes.map(({ zh }) => zh).join('\n') })
}

/** With what can be made: the Token, and the key where messages are encrypted. */
function complete(given: InitValues, there: InitValues): InitValues {
  const known = { ...there, ...given }
  const mode = modeOf(known, there)
  if (mode !== 'plain' && !known.appId) {
    throw new UsageError({
      en: `mode ${mode} needs the AppID: --app-id wx…`,
      zh: `${mode} 模式需要 AppID：--app-id wx…`,
    })
  }
  const aesKey = known.aesKey ?? (mode === 'plain' ? undefined : newAesKey())
  return { ...known, mode, token: known.token ?? newToken(), ...(aesKey && { aesKey }) }
}

/** @throws {UsageError} when a value that is there would be replaced and nobody has agreed */
async function confirmReplacing(
  there: InitValues,
  wanted: InitValues,
  yes: boolean,
  terminal: Terminal,
): Promise<void> {
  const replaced = INIT_KEYS.filter(key => there[key] !== undefined && there[key] !== wanted[key])
  if (replaced.length === 0 || yes) return
  const keys = replaced.join(', ')
  const answer = await terminal.ask(terminal.say({ en: `Replace ${keys}? [y/N] `, zh: `替换 ${keys}？[y/N] ` }))
  if (answer !== undefined && /^\s*(y|yes|是)\s*$/i.test(answer)) return
  throw new UsageError({
    en: `${keys}: the file has another value; --yes replaces it, and nothing has been changed`,
    zh: `${keys}：文件中已有不同的值；加 --yes 才会替换，未做任何修改`,
  })
}

/** The Token and the key of before stay valid, for as long as the console still has them. */
function changesTo(there: InitValues, wanted: InitValues): Readonly<Record<string, string>> {
  const changes: Record<string, string> = {}
  for (const key of INIT_KEYS) {
    const value = wanted[key]
    if (value === undefined || value === there[key]) continue
    changes[key] = value
    if (key === 'token' && there.token !== undefined) changes['previousToken'] = there.token
    if (key === 'aesKey' && there.aesKey !== undefined) changes['previousAesKey'] = there.aesKey
  }
  return changes
}

function write(machine: Machine, file: string, text: string): void {
  try {
    machine.writeText(file, text, 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError({ en: `cannot write ${file}: ${code}`, zh: `无法写入 ${file}：${code}` })
  }
}

/** Only its owner may read it; made by root, it is handed to whom Apache's scripts run as. */
function protect(machine: Machine, file: string, isNew: boolean, { print, say }: Terminal): void {
  if (machine.platform === 'win32') return
  const status = machine.status(file)
  if (status && (status.mode & 0o077) !== 0) machine.setMode(file, 0o600)
  const user = readerOf(machine, file)
  if (user === undefined) return
  const reader = userNamed(machine, user)
  if (machine.userId === 0 && isNew && status?.uid !== reader?.uid) {
    const { code } = machine.run('chown', [`${user}:`, file])
    if (code === 0)
      print(
        say({
          en: `It belongs to ${user}, and nobody else may read it.`,
          zh: `文件归 ${user} 所有，其他用户无法读取。`,
        }),
      )
  }
  const hindrance = reader && hindranceOf(machine, reader, file, 'read')
  if (!hindrance) return
  print(
    say(
      hindrance.needs === 'enter'
        ? {
            en: `${user} may not enter ${hindrance.path}: move the project to /srv, or chmod o+x ${hindrance.path}`,
            zh: `用户 ${user} 无权进入 ${hindrance.path}：请把项目移到 /srv，或执行 chmod o+x ${hindrance.path}`,
          }
        : {
            en: `${user}, as whom Apache runs scripts, may not read it yet; weixin vhost --install or weixin service --install (with sudo) hands it over`,
            zh: `运行 Apache 脚本的用户 ${user} 还不能读取它；用 sudo 运行 weixin vhost --install 或 weixin service --install 时会移交`,
          },
    ),
  )
}

/** The owner of the responder's state, or whom Apache names, or the owner of the folder. */
function readerOf(machine: Machine, file: string): string | undefined {
  const folder = path.dirname(file)
  const state = machine.status(path.join(folder, 'var'))
  if (state && state.uid !== 0) return nameOfUser(machine, state.uid)
  const [first] = findInstallations(machine)
  return first && describeApache(machine, first).user
}
