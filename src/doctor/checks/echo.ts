import type { Bilingual } from '../../errors.ts'
import type { Answer } from '../ask.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../check.ts'
import { explainLog } from '../log-lines.ts'
import type { Patient, Target } from '../patient.ts'
import { accessCheck, ECHOSTR } from '../requests.ts'
import { CORRECT_CLOCK } from './clock.ts'

/** Milliseconds from which an answer is slow: two of them and a bad network are WeChat's five seconds. */
const SLOW = 2000

/** The access check that the console makes, through the web server: the echostr comes back, and nothing else. */
export const echo: Check = {
  name: 'echo',
  title: { en: 'access check through Apache', zh: '经 Apache 的接入校验' },
  needs: ['config', 'vhost', 'modules', 'port', 'service', 'pipe'],
  async look(patient) {
    const targets = await patient.targets()
    if (targets.length === 0)
      return skipped({ en: 'nobody knows where; --url says it', zh: '不知道网址；请用 --url 指定' })
    const findings: Finding[] = []
    for (const target of targets) {
      findings.push(await judge(target, targets, patient), ...(await certificateFindings(target, patient)))
    }
    return findings
  },
}

async function judge(target: Target, targets: readonly Target[], patient: Patient): Promise<Finding> {
  const answer = await patient.ask(questionFor(target, accessCheck(target.token, patient.now()).query))
  if (typeof answer === 'string') return unanswered(answer, target, patient)
  if (answer.status === 200 && answer.body === ECHOSTR) return answered(answer, target)
  if (targets.some(({ url }) => url.protocol === 'https:') && answer.headers.location?.startsWith('https:')) {
    return warning(
      { en: `${target.url.origin} sends everybody on to https`, zh: `${target.url.origin} 会重定向到 https` },
      { en: 'enter the URL with https:// in the console', zh: '请在后台填写 https:// 开头的 URL' },
    )
  }
  const clock = answer.status === 403 && isOurs(answer) ? await clockFinding(target, patient) : undefined
  if (clock) return clock
  const cause = CAUSES.find(({ fits }) => fits(answer, patient))
  const finding = cause?.finding(answer, patient) ?? otherStatus(answer, patient)
  return isOurs(answer) && answer.status !== 500 ? finding : withEvidence(finding, patient)
}

/** WeChat believes what browsers believe. */
async function certificateFindings(target: Target, patient: Patient): Promise<Finding[]> {
  if (target.url.protocol !== 'https:') return []
  const answer = await patient.ask({ ...questionFor(target, ''), strict: true })
  if (typeof answer !== 'string' || !/CERT|SIGNATURE|ISSUER/.test(answer)) return []
  return [
    warning(
      {
        en: `the certificate of ${target.url.hostname} is not believed (${answer})`,
        zh: `${target.url.hostname} 的证书不被信任（${answer}）`,
      },
      {
        en: 'install one with its whole chain: certbot --apache --no-redirect',
        zh: '请安装带完整证书链的证书：certbot --apache --no-redirect',
      },
    ),
  ]
}

/** A request for the responder with this query, after whatever the URL itself has. */
export function questionFor({ url, address }: Target, query: string) {
  const full = new URL(url)
  full.search = full.search ? `${full.search}&${query}` : query
  return { url: full, address }
}

/** Whether an answer is one of the neutral lines of our responder. */
export function isOurs({ body, headers }: Answer): boolean {
  return (
    headers['x-content-type-options'] === 'nosniff' &&
    /^(forbidden|not found|bad request|internal error)\n?$/.test(body)
  )
}

function answered({ milliseconds }: Answer, { url }: Target): Finding {
  const time = `${Math.round(milliseconds)} ms`
  const where = url.pathname === '/' ? url.origin : url.href
  if (milliseconds < SLOW) return ok({ en: `${where} answers after ${time}`, zh: `${where}，${time} 后应答` })
  return warning(
    { en: `${where} takes ${time}; WeChat gives up after 5 s`, zh: `${where} 用了 ${time}；微信 5 秒后放弃` },
    {
      en: 'use FastCGI (weixin vhost), and look at what else this machine does',
      zh: '请改用 FastCGI（weixin vhost），并检查机器负载',
    },
  )
}

function unanswered(code: string, { url, address }: Target, patient: Patient): Finding {
  const where = address ? `${url.host} (${address})` : url.host
  if (code === 'TIMEOUT') {
    const saw = {
      en: `${where} gives no answer within the 5 s that WeChat waits`,
      zh: `${where} 在微信等待的 5 秒内没有应答`,
    }
    return withEvidence(
      failure(saw, {
        en: 'look for what hangs: the service (restart it), a module of Apache, the disk',
        zh: '请检查卡在哪里：服务（可重启）、Apache 的模块或磁盘',
      }),
      patient,
    )
  }
  return failure(
    { en: `${where} cannot be reached: ${code}`, zh: `无法访问 ${where}：${code}` },
    code === 'ECONNREFUSED'
      ? { en: 'start Apache; see that it listens there', zh: '请启动 Apache，并确认它监听该端口' }
      : { en: 'look at the address, DNS, the firewall', zh: '请检查地址、DNS 和防火墙' },
  )
}

const HOUR = 3_600_000
/** The time zones of the earth, taken for one another, and a day. */
const FARTHEST = 24

/** Whether it was the time that was refused: the responder says it in its log, and to nobody else. */
async function clockFinding(target: Target, patient: Patient): Promise<Finding | undefined> {
  const log = patient.log().since()
  const said = /reason[=":]+replay\b/.test(log)
  if (!said && /reason[=":]+-40001\b/.test(log)) return undefined
  const hours = await hoursApart(target, patient)
  if (hours === undefined && !said) return undefined
  const [en, zh] = (hours ?? 0) > 0 ? ['ahead', '快'] : ['behind', '慢']
  const count = Math.abs(hours ?? 0)
  return failure(
    {
      en: `the responder's clock is ${hours ? `${count} h ${en}` : 'wrong'}: it takes every request for an old one`,
      zh: `服务的时钟${hours ? `${zh}了 ${count} 小时` : '不准'}：会把所有请求当作过期请求拒绝`,
    },
    CORRECT_CLOCK,
  )
}

/** By how many hours the responder's clock is ahead of ours; undefined when no hour is right. */
async function hoursApart(target: Target, { ask, now }: Patient): Promise<number | undefined> {
  for (let hours = 1; hours <= FARTHEST; hours++) {
    const tried = [hours, -hours].map(async offset => {
      const answer = await ask(questionFor(target, accessCheck(target.token, now() + offset * HOUR).query))
      return typeof answer !== 'string' && answer.body === ECHOSTR ? offset : undefined
    })
    const found = (await Promise.all(tried)).find(offset => offset !== undefined)
    if (found !== undefined) return found
  }
  return undefined
}

interface Cause {
  readonly fits: (answer: Answer, patient: Patient) => boolean
  readonly finding: (answer: Answer, patient: Patient) => Finding
}

const CAUSES: readonly Cause[] = [
  {
    fits: ({ status, body }) => status === 200 && body.includes(ECHOSTR),
    finding: ({ body }, patient) => {
      const [before = '', after = ''] = body.split(ECHOSTR)
      const bytes = `${hexOf(before)} … ${hexOf(after)}`
      return failure(
        {
          en: `there are other bytes round the echostr: ${bytes} ${patient.quote(before + after, 60)}`,
          zh: `echostr 前后有多余的字节：${bytes} ${patient.quote(before + after, 60)}`,
        },
        {
          en: 'look for a filter of Apache (SetOutputFilter, Substitute) or a proxy that changes answers',
          zh: '请检查改写应答的 Apache 过滤器（SetOutputFilter、Substitute）或代理',
        },
      )
    },
  },
  {
    fits: ({ status }) => status >= 300 && status < 400,
    finding: ({ status, headers }, patient) =>
      failure(
        {
          en: `a redirect (${status}) to ${patient.quote(headers.location ?? '?')}; WeChat does not follow it`,
          zh: `返回重定向（${status}）到 ${patient.quote(headers.location ?? '?')}；微信不会跟随`,
        },
        {
          en: 'take the responder out of the redirect (certbot --no-redirect), or enter the URL it leads to in the console',
          zh: '请让本站不参与重定向（certbot --no-redirect），或在后台填写重定向后的网址',
        },
      ),
  },
  {
    fits: ({ status }) => status === 401 || status === 407,
    finding: ({ status, headers }, patient) =>
      failure(
        {
          en: `a login is asked for (${status} ${patient.quote(headers['www-authenticate'] ?? '')}); WeChat has none`,
          zh: `要求登录（${status} ${patient.quote(headers['www-authenticate'] ?? '')}）；微信无法登录`,
        },
        {
          en: 'AuthType None and Require all granted for the virtual host',
          zh: '请在该虚拟主机中设置 AuthType None 和 Require all granted',
        },
      ),
  },
  {
    fits: answer => answer.status === 403 && isOurs(answer),
    finding: (_, patient) => {
      const overriding = overridingToken(patient)
      return failure(
        {
          en: `the responder refuses the signature: it has another Token than the configuration${overriding?.en ?? ''}`,
          zh: `签名校验失败：服务使用的 Token 与配置文件不同${overriding?.zh ?? ''}`,
        },
        overriding
          ? { en: 'take that line away, and reload Apache', zh: '请删除该行，并重新加载 Apache' }
          : {
              en: 'restart the service after a change (systemctl restart weixin), and see whether its environment has WEIXIN_TOKEN or WEIXIN_CONFIG',
              zh: '修改配置后请重启服务（systemctl restart weixin），并检查其环境变量 WEIXIN_TOKEN、WEIXIN_CONFIG',
            },
      )
    },
  },
  {
    fits: answer => answer.status === 404 && isOurs(answer),
    finding: () =>
      failure(
        { en: 'the responder has no account at this path', zh: '服务中没有使用该路径的账号' },
        { en: 'compare "path" in the configuration with the URL', zh: '请核对配置中的 "path" 与网址' },
      ),
  },
  {
    fits: ({ status }) => status === 403,
    finding: () =>
      failure(
        {
          en: 'Apache refuses it (403) before the responder is asked',
          zh: '请求在到达服务之前就被 Apache 拒绝（403）',
        },
        {
          en: 'Require all granted for cgi-bin (Options ExecCGI) or <Location "/">; other rules: mod_security, .htaccess',
          zh: '请为 cgi-bin 设置 Require all granted 和 Options ExecCGI（或 <Location "/">）；并检查 mod_security 和 .htaccess',
        },
      ),
  },
  {
    fits: answer => answer.status === 500 && isOurs(answer),
    finding: () =>
      failure(
        { en: 'the responder runs and fails (500)', zh: '服务已运行，但内部出错（500）' },
        { en: "its line in Apache's error log says why", zh: '原因见 Apache 错误日志中的对应行' },
      ),
  },
  {
    fits: ({ status }) => status === 500,
    finding: () =>
      failure(
        { en: 'Apache could not run the script (500)', zh: 'Apache 无法运行脚本（500）' },
        {
          en: "Apache's error log says why; SELinux, suexec and a missing ExecCGI are usual",
          zh: '原因见 Apache 错误日志；常见的有 SELinux、suexec 和缺少 ExecCGI',
        },
      ),
  },
  {
    fits: ({ status }) => status === 502 || status === 503,
    finding: ({ status }) =>
      failure(
        { en: `Apache does not get through to the service (${status})`, zh: `Apache 无法连接服务（${status}）` },
        {
          en: 'systemctl status weixin.socket weixin; SELinux: setsebool -P httpd_can_network_connect 1',
          zh: '请执行 systemctl status weixin.socket weixin；SELinux：setsebool -P httpd_can_network_connect 1',
        },
      ),
  },
  {
    fits: ({ status }) => status === 504 || status === 408,
    finding: ({ status }) =>
      failure(
        { en: `Apache has given up waiting (${status})`, zh: `Apache 等待超时（${status}）` },
        { en: 'look for what hangs, and for time-outs below 5 s', zh: '请检查卡在哪里，以及是否有小于 5 秒的超时设置' },
      ),
  },
  {
    fits: ({ status }) => status === 200,
    finding: (answer, patient) =>
      failure(
        {
          en: `somebody else answers${whoAnswers(answer, patient)}`,
          zh: `应答的不是本项目${whoAnswers(answer, patient)}`,
        },
        {
          en: 'look for an Alias, a RewriteRule, an index file or another virtual host that comes first (apache2ctl -S)',
          zh: '请检查优先生效的 Alias、RewriteRule、首页文件或其他虚拟主机（apache2ctl -S）',
        },
      ),
  },
]

function otherStatus(answer: Answer, patient: Patient): Finding {
  return failure(
    {
      en: `status ${answer.status} instead of 200${whoAnswers(answer, patient)}`,
      zh: `状态码是 ${answer.status}，应为 200${whoAnswers(answer, patient)}`,
    },
    {
      en: 'see which virtual host answers (apache2ctl -S), and whether the path is right',
      zh: '请检查由哪个虚拟主机应答（apache2ctl -S），以及路径是否正确',
    },
  )
}

function whoAnswers({ headers, body }: Answer, patient: Patient): string {
  const names = [headers['x-powered-by'], headers['server']].filter(Boolean).join(', ')
  return `: ${patient.quote([names, body.replace(/<[^>]*>/g, ' ')].join(' '), 120)}`
}

function overridingToken(patient: Patient): Bilingual | undefined {
  const setting = patient.block()?.settings.find(({ words }) => /^WEIXIN_(TOKEN|CONFIG)$/.test(words[0] ?? ''))
  if (!setting) return undefined
  const place = `${setting.file}:${setting.line}`
  return { en: `; ${place} sets ${setting.words[0]}`, zh: `；${place} 设置了 ${setting.words[0]}` }
}

function hexOf(text: string): string {
  return Buffer.from(text.slice(0, 16)).toString('hex') || '-'
}

/** What the log has said meanwhile is worth more than a guess. */
function withEvidence(finding: Finding, patient: Patient): Finding {
  const [entry] = explainLog(patient.log().since()).filter(({ symptom }) => symptom.weight !== 'noise')
  if (!entry || !finding.todo) return finding
  const { symptom, example } = entry
  return {
    ...finding,
    saw: {
      en: `${finding.saw.en}; the log: ${patient.quote(example)}`,
      zh: `${finding.saw.zh}；日志：${patient.quote(example)}`,
    },
    todo: symptom.todo,
  }
}
