import type { Bilingual } from '../../errors.ts'
import { type Check, failure, ok, warning } from '../check.ts'
import type { Patient } from '../patient.ts'

const EXECUTABLE = 0o111

/** What the system needs to start the script by its name: its first line, and leave to run it. */
export const script: Check = {
  name: 'script',
  title: { en: 'cgi-bin/weixin', zh: '脚本 cgi-bin/weixin' },
  look(patient) {
    const { machine, directory, readPart } = patient
    const file = machine.path.join(directory, 'cgi-bin', 'weixin')
    const way = patient.block()?.way
    const windows = machine.platform === 'win32'
    // A service is started with Node in front; before there is a virtual host, nobody knows how it will be.
    const judge = way === 'cgi' || way === 'fcgid' || (way === undefined && !windows) ? failure : warning
    const text = readPart(file, 0, 4096)?.text
    if (text === undefined) {
      return failure({ en: `${file} is missing, or may not be read`, zh: `缺少 ${file}，或无法读取` }, RESTORE)
    }
    const wrong = wrongFirstLine(text, patient)
    if (wrong) return judge(wrong, windows ? INSTALL : RESTORE)
    const mode = machine.status(file)?.mode ?? 0
    if (!windows && (mode & EXECUTABLE) !== EXECUTABLE) {
      return judge(
        {
          en: `${file} is not executable (mode ${mode.toString(8)})`,
          zh: `${file} 没有执行权限（模式 ${mode.toString(8)}）`,
        },
        { en: `chmod 755 ${file}`, zh: `请执行 chmod 755 ${file}` },
      )
    }
    const first = firstLine(text)
    return ok({ en: first, zh: first })
  },
}

const INSTALL = {
  en: 'weixin vhost HOST --install writes the right line',
  zh: '请运行 weixin vhost 域名 --install，由它写入正确的第一行',
}
const RESTORE = { en: 'git checkout cgi-bin/weixin', zh: '请执行 git checkout cgi-bin/weixin' }

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}

function wrongFirstLine(text: string, { machine }: Patient): Bilingual | undefined {
  const first = firstLine(text)
  if (text.startsWith('\uFEFF')) {
    return {
      en: 'a byte order mark stands in front of #!: an editor has put it there',
      zh: '#! 前面有 BOM：是某个编辑器加上的（请用“UTF-8 无 BOM”保存）',
    }
  }
  if (first.endsWith('\r')) {
    return {
      en: 'the first line ends with CR LF: the system looks for an interpreter whose name ends with CR',
      zh: '第一行以 CRLF 结尾：系统会去找名称末尾带回车符的解释器',
    }
  }
  const interpreter = /^#!\s*(?:"([^"]+)"|(\S+))/.exec(first)
  const program = interpreter?.[1] ?? interpreter?.[2]
  if (!program) return { en: 'the first line names no interpreter (#!)', zh: '第一行没有写解释器（#!）' }
  const windows = machine.platform === 'win32'
  if (windows && program.startsWith('/')) {
    return {
      en: `${program} in the first line means nothing to Windows; it wants #!"C:/Program Files/nodejs/node.exe"`,
      zh: `第一行的 ${program} 在 Windows 上无效；应为 #!"C:/Program Files/nodejs/node.exe"`,
    }
  }
  if (machine.status(program)?.kind !== 'file') {
    return { en: `the interpreter ${program} of the first line is not there`, zh: `第一行写的解释器 ${program} 不存在` }
  }
  return undefined
}
