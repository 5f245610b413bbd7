import { parseArgs } from 'node:util'
import { type Machine, thisMachine } from '../apache/machine.ts'
import { configPath, loadConfig } from '../config/load.ts'
import { UsageError } from '../errors.ts'
import { withValues } from './install/config-text.ts'
import { consoleForm } from './install/console-form.ts'
import { newAesKey, newToken } from './install/first-config.ts'
import { protectInitFile, readInitFile, writeInitFile } from './install/init-file.ts'
import { INIT_OPTIONS, valuesGiven } from './install/init-flags.ts'
import { askFor } from './install/init-questions.ts'
import { changesTo, doubtAbout, INIT_KEYS, type InitValues, modeOf } from './install/init-values.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { invocation } from './terminal/invocation.ts'

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
  const { values } = parseArgs({ args: words, options: INIT_OPTIONS })
  const file = configPath(terminal.environment, terminal.directory)
  const { text: before, values: there } = readInitFile(file)
  const given = valuesGiven(values, terminal)
  const asked = await askFor(given, there, terminal)
  const wanted = complete({ ...given, ...asked }, there)
  await confirmReplacing(there, wanted, values.yes, terminal)
  const changes = changesTo(there, wanted)
  if (Object.keys(changes).length > 0) {
    writeInitFile(
      machine,
      file,
      before === undefined ? `${JSON.stringify(changes, null, 2)}\n` : withValues(before, changes),
    )
    terminal.print(
      terminal.say(
        before === undefined
          ? { en: `Made ${file}.`, zh: `已生成 ${file}。` }
          : { en: `Changed ${file}.`, zh: `已修改 ${file}。` },
      ),
    )
  } else terminal.print(terminal.say({ en: `${file} is complete already.`, zh: `${file} 已经完整，无需修改。` }))
  protectInitFile(machine, file, before === undefined, terminal)
  for (const key of INIT_KEYS) {
    const doubt = wanted[key] === undefined ? undefined : doubtAbout(key, wanted[key])
    if (doubt) terminal.printError(`${terminal.say({ en: 'Note:', zh: '注意：' })} ${terminal.say(doubt)}`)
  }
  await loadConfig(terminal.environment, terminal.directory)
  terminal.print(terminal.say(consoleForm(wanted)))
  const next = [invocation('vhost HOST --install', machine), invocation('vhost 域名 --install', machine)] as const
  terminal.print(terminal.say({ en: `Next: ${next[0]}`, zh: `下一步：${next[1]}` }))
  return 0
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
