import { asUser } from '../as-user.ts'
import { type Check, type Finding, failure, ok, warning } from '../check.ts'
import type { Patient } from '../patient.ts'
import { accessCheck, ECHOSTR } from '../requests.ts'
import type { Ended } from '../world.ts'
import { CORRECT_CLOCK } from './clock.ts'

/** What Apache's children usually have. */
const PATH = '/usr/local/bin:/usr/bin:/bin'
const PATIENCE = 6000
const SLOW = 2000

/** The script answers an access check with a piped CGI environment (RFC 3875), without any web server. */
export const pipe: Check = {
  name: 'pipe',
  title: { en: 'script by pipe', zh: '以管道运行脚本' },
  needs: ['node', 'build', 'config', 'access', 'script'],
  async look(patient) {
    const { token, path = '/' } = await patient.config()
    const { query } = accessCheck(token, patient.now())
    const ended = await runScript(patient, {
      GATEWAY_INTERFACE: 'CGI/1.1',
      REQUEST_METHOD: 'GET',
      QUERY_STRING: query,
      REQUEST_URI: `${path}?${query}`,
      PATH_INFO: path,
      SCRIPT_NAME: '',
    })
    if (ended.stdout.endsWith(`\r\n\r\n${ECHOSTR}`)) return answered(ended)
    if (/reason[=":]+replay/.test(ended.stderr)) {
      return failure(
        { en: 'the clock of the script is another than that of this command', zh: '脚本看到的时钟与本命令的不同' },
        CORRECT_CLOCK,
      )
    }
    return failure(
      {
        en: `it did not answer (${endOf(ended)})${saidBy(patient, ended)}`,
        zh: `没有得到应答（${endOf(ended)}）${saidBy(patient, ended)}`,
      },
      { en: 'try it: weixin send echo', zh: '可用 weixin send echo 重现' },
    )
  },
}

function answered({ stdout, milliseconds }: Ended): Finding {
  const time = `${Math.round(milliseconds)} ms`
  if (!/^Content-Length: \d+\r$/im.test(stdout)) {
    return failure(
      { en: 'the answer has no Content-Length', zh: '应答没有 Content-Length' },
      { en: 'npm run build', zh: '请运行 npm run build' },
    )
  }
  if (milliseconds > SLOW) {
    return warning(
      { en: `it takes ${time} to start; WeChat waits for 5 s in all`, zh: `启动需要 ${time}；微信总共只等待 5 秒` },
      {
        en: 'use FastCGI (weixin vhost), or look for a virus scanner',
        zh: '请改用 FastCGI（weixin vhost），或检查杀毒软件',
      },
    )
  }
  return ok({ en: `it answers after ${time}`, zh: `${time} 后应答` })
}

/** As the web server would: by its name, as its user, with next to nothing in the environment. */
function runScript(patient: Patient, variables: Readonly<Record<string, string>>): Promise<Ended> {
  const { machine, directory, environment, run, node } = patient
  const file = machine.path.join(directory, 'cgi-bin', 'weixin')
  const way = patient.block()?.way
  const byName = machine.platform !== 'win32' && (way === undefined || way === 'cgi' || way === 'fcgid')
  const words = byName ? [file] : [node, file]
  const user = patient.runner()
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(program => machine.status(program))
  const other = user && machine.userId === 0 && user.uid !== 0
  const all = other && setpriv ? [setpriv, ...asUser(user), ...words] : words
  const own = Object.entries(environment).filter(([name]) => /^WEIXIN_(?!LISTEN|GATEWAY)|^SystemRoot$/i.test(name))
  const [command = '', ...rest] = all
  return run(command, rest, { PATH, ...Object.fromEntries(own), ...variables }, PATIENCE)
}

function endOf({ code, stdout, milliseconds }: Ended): string {
  if (milliseconds >= PATIENCE) return `> ${PATIENCE / 1000} s`
  const status = /^Status: (.*?)\r$/m.exec(stdout)?.[1]
  return status ?? (code === undefined ? 'no exit code' : `exit code ${code}`)
}

function saidBy(patient: Patient, { stderr, stdout }: Ended): string {
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  const said = lines.find(line => /weixin (error|warn)|Error|failed|denied|not found/i.test(line)) ?? lines[0] ?? stdout
  return said.trim() === '' ? '' : `: ${patient.quote(said, 300)}`
}
