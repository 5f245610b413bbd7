import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Bilingual } from '../../src/errors.ts'
import { copySnapshot, SNAPSHOT } from '../project.ts'
import { benchMessage, isRightAnswer } from './messages.ts'
import type { Round } from './rounds.ts'
import { findProgram, outputOf, PROGRAMS, type Stage } from './stage.ts'

interface Program {
  readonly name: Bilingual
  readonly command: string
  readonly words: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** It answers nothing, and is only here to be compared with. */
  readonly mute?: true
}

const BUNDLE = path.join('dist', 'responder.cjs')

let number = 0

/** One plain text reply by a process of its own, from its start to its end, in milliseconds. */
export function cgiStarts(stage: Stage, leaveOut: (what: Bilingual) => void): readonly Round[] {
  return programs(stage, leaveOut).map(program => ({ name: program.name, measure: async () => start(stage, program) }))
}

function start(stage: Stage, { command, words, environment, mute }: Program) {
  const message = benchMessage('plain', number++, Math.floor(Date.now() / 1000))
  const options = {
    // What Apache gives to a CGI program, and nothing of ours.
    env: {
      ...stage.environment,
      GATEWAY_INTERFACE: 'CGI/1.1',
      SERVER_PROTOCOL: 'HTTP/1.1',
      SERVER_SOFTWARE: 'Apache/2.4',
      SERVER_NAME: 'weixin.example.com',
      SERVER_PORT: '80',
      REMOTE_ADDR: '127.0.0.1',
      SCRIPT_NAME: '',
      PATH_INFO: '/',
      REQUEST_URI: `/?${message.query}`,
      REQUEST_METHOD: message.method,
      QUERY_STRING: message.query,
      CONTENT_TYPE: 'text/xml',
      CONTENT_LENGTH: String(Buffer.byteLength(message.body)),
      ...environment,
    },
    input: message.body,
  }
  const begun = performance.now()
  const { stdout, stderr, status } = spawnSync(command, words, options)
  const value = performance.now() - begun
  const isRight = status === 0 && (mute || isRightAnswer('plain', message, stdout))
  return isRight ? { value } : { value, fault: `status ${status}: ${stdout}${stderr}`.slice(0, 300) }
}

function programs(stage: Stage, leaveOut: (what: Bilingual) => void): readonly Program[] {
  const script = path.join('cgi-bin', 'weixin')
  const own = (directory: string) => ({ command: path.join(directory, script), words: [] })
  const all: Program[] = [
    {
      name: { en: 'node, empty file', zh: 'node，空文件' },
      command: process.execPath,
      words: [path.join(PROGRAMS, 'empty.cjs')],
      mute: true,
    },
  ]
  if (fs.existsSync(path.join(stage.directory, SNAPSHOT)))
    all.push({ name: { en: 'weixin-cgi, snapshot', zh: 'weixin-cgi，启动快照' }, ...own(without(BUNDLE, stage)) })
  else leaveOut({ en: 'snapshot: this Node cannot make one', zh: '启动快照：当前 Node 无法生成' })
  all.push({ name: { en: 'weixin-cgi, bundle', zh: 'weixin-cgi，单文件' }, ...own(without(SNAPSHOT, stage)) })
  const idle = findProgram('/bin/true', '/usr/bin/true')
  if (idle)
    all.push({ name: { en: 'true, any process at all', zh: 'true，任意进程' }, command: idle, words: [], mute: true })
  const python = findProgram('/usr/bin/python3', '/usr/local/bin/python3')
  const runPython = (file: string) => ({ command: python ?? '', words: [path.join(PROGRAMS, file)] })
  if (python) all.push({ name: { en: 'python3, minimal', zh: 'python3，最小程序' }, ...runPython('minimal.py') })
  else leaveOut({ en: 'python3 is not installed', zh: '未安装 python3' })
  if (python && outputOf(python, '-c', 'import web, lxml') !== undefined)
    all.push({ name: { en: 'web.py, like the original', zh: 'web.py，仿原程序' }, ...runPython('original.py') })
  else
    leaveOut({
      en: 'web.py or lxml is not installed (apt-get install python3-webpy python3-lxml)',
      zh: '未安装 web.py 或 lxml（apt-get install python3-webpy python3-lxml）',
    })
  const php = findProgram('/usr/bin/php-cgi', '/usr/local/bin/php-cgi')
  const environment = { REDIRECT_STATUS: '200', SCRIPT_FILENAME: path.join(PROGRAMS, 'minimal.php') }
  if (php) all.push({ name: { en: 'php-cgi, minimal', zh: 'php-cgi，最小程序' }, command: php, words: [], environment })
  else leaveOut({ en: 'php-cgi is not installed', zh: '未安装 php-cgi' })
  return all
}

/** With one of the two missing no answer is taken for the other's. */
function without(missing: string, { directory, scratch }: Stage): string {
  const copy = path.join(scratch, `without-${path.basename(missing)}`)
  fs.cpSync(directory, copy, { recursive: true })
  copySnapshot(copy)
  fs.rmSync(path.join(copy, missing), { force: true })
  return copy
}
