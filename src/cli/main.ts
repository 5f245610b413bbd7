import fs from 'node:fs'
import path from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type Bilingual, UsageError, WeixinError } from '../errors.ts'
import { SHUTDOWN } from '../gateway/shutdown.ts'
import { api } from './api.ts'
import { apiServer } from './api-server.ts'
import { conformance } from './conformance.ts'
import { doctor } from './doctor.ts'
import { init } from './init.ts'
import { log } from './log.ts'
import { media } from './media.ts'
import { menu } from './menu.ts'
import { phone } from './phone.ts'
import { qrcode } from './qrcode.ts'
import { quota } from './quota.ts'
import { report } from './report.ts'
import { send } from './send.ts'
import { serve } from './serve.ts'
import { service } from './service.ts'
import { start } from './start.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { chooseLanguage } from './terminal/language.ts'
import { OutputError, writeOutput, writeRemark } from './terminal/output.ts'
import { token } from './token.ts'
import { users } from './users.ts'
import { vhost } from './vhost.ts'

const commands: Readonly<Record<string, Command>> = {
  start,
  init,
  vhost,
  service,
  serve,
  send,
  phone,
  conformance,
  log,
  report,
  doctor,
  'api-server': apiServer,
  token,
  api,
  menu,
  quota,
  users,
  qrcode,
  media,
}

const USAGE: Bilingual = {
  en: 'Usage: weixin COMMAND [--lang en|zh] …     weixin COMMAND --help says more',
  zh: '用法：weixin 命令 [--lang en|zh] …     weixin 命令 --help 显示详细说明',
}

/** That of a program that SIGPIPE has ended. */
const EXIT_CLOSED_PIPE = 141

process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  const { words, lang } = takeLanguage(argv)
  const terminal = createTerminal(lang)
  try {
    return await run(words, terminal)
  } catch (error) {
    if (!(error instanceof OutputError)) throw error
    // Whoever reads has read enough, as `head` does.
    if (error.code === 'EPIPE') return EXIT_CLOSED_PIPE
    terminal.printError(`weixin: ${error.in(terminal.language)}`)
    return 1
  }
}

async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...rest] = words
  if (name === '--version') {
    terminal.print(version(terminal.directory))
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) return overview(name, terminal)
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.print(terminal.say(command.usage))
    return 0
  }
  return runCommand(command, rest, terminal)
}

async function runCommand(command: Command, words: string[], terminal: Terminal): Promise<number> {
  try {
    return await command.run(words, terminal)
  } catch (error) {
    if (error instanceof WeixinError && !(error instanceof OutputError)) {
      terminal.printError(`weixin: ${error.in(terminal.language)}`)
      return 2
    }
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
      terminal.printError(terminal.say({ en: `weixin: ${error.message}`, zh: `weixin：选项有误：${error.message}` }))
      terminal.printError(terminal.say(command.usage))
      return 2
    }
    throw error
  }
}

function overview(name: string, { print, printError, say }: Terminal): number {
  const asked = ['', 'help', '--help', '-h'].includes(name)
  const write = asked ? print : printError
  if (!asked) write(say({ en: `weixin: no command ${name}`, zh: `weixin：没有 ${name} 这个命令` }))
  write(say(USAGE))
  for (const [word, { summary }] of Object.entries(commands)) write(`  ${word.padEnd(11)} ${say(summary)}`)
  return asked ? 0 : 2
}

/** `--lang` may stand anywhere. */
function takeLanguage(argv: readonly string[]): { words: string[]; lang: string | undefined } {
  const words = [...argv]
  const at = words.findIndex(word => word === '--lang' || word.startsWith('--lang='))
  if (at < 0) return { words, lang: undefined }
  const [option = ''] = words.splice(at, 1)
  return { words, lang: option.includes('=') ? option.slice('--lang='.length) : words.splice(at, 1)[0] }
}

function createTerminal(lang: string | undefined): Terminal {
  const language = chooseLanguage(lang, process.env, systemLocale)
  return {
    directory: path.dirname(path.dirname(fileURLToPath(import.meta.url))),
    environment: process.env,
    language,
    languageNamed: (lang ?? process.env['WEIXIN_LANG']) !== undefined,
    say: text => text[language],
    isColourful: Boolean(process.stdout.isTTY) && !process.env['NO_COLOR'],
    print: line => writeOutput(1, `${line}\n`),
    printError: line => writeRemark(2, `${line}\n`),
    overwrite: text => void (process.stderr.isTTY && writeRemark(2, `\r\x1b[K${text}`)),
    ask,
    stopRequested: () =>
      new Promise(resolve => {
        // They stay: a second Ctrl-C must not leave behind what the first one is ending.
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) process.on(signal, () => resolve())
        process.on('message', message => message === SHUTDOWN && resolve())
        // To be listened to is no reason to go on when the work is done.
        process.channel?.unref()
      }),
  }
}

function systemLocale(): string {
  return Intl.DateTimeFormat().resolvedOptions().locale
}

async function ask(question: string, { hidden = false } = {}): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined
  const { createInterface } = await import('node:readline/promises')
  // A secret is read without an echo: what readline would draw goes nowhere.
  const output = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr
  const keyboard = createInterface({ input: process.stdin, output, ...(hidden && { terminal: true }) })
  if (hidden) process.stderr.write(question)
  try {
    return await keyboard.question(question)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error
    throw new UsageError({ en: 'given up, nothing has been changed', zh: '已放弃，未做任何修改' })
  } finally {
    keyboard.close()
    if (hidden) process.stderr.write('\n')
  }
}

function version(directory: string): string {
  return JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8')).version
}
