import type { Bilingual } from '../errors.ts'
import type { Answer } from './ask.ts'
import { type Finding, failure } from './check.ts'
import { culpritOf, queryThief } from './culprit.ts'
import type { Patient } from './patient.ts'
import { ECHOSTR } from './requests.ts'

/** Why an access check that was answered did not get its echostr back, alone, with status 200. */
export function causeOf(answer: Answer, patient: Patient): Finding {
  const cause = CAUSES.find(({ fits }) => fits(answer))
  const finding = cause?.finding(answer, patient) ?? otherStatus(answer, patient)
  const culprit = isOurs(answer) ? undefined : culpritOf(answer.status, patient)
  return culprit ? { ...finding, todo: culprit } : finding
}

/** Whether an answer is one of the neutral lines of our responder. */
export function isOurs({ body, headers }: Answer): boolean {
  return (
    headers['x-content-type-options'] === 'nosniff' &&
    /^(forbidden|not found|bad request|internal error)\n?$/.test(body)
  )
}

interface Cause {
  readonly fits: (answer: Answer) => boolean
  readonly finding: (answer: Answer, patient: Patient) => Finding
}

/** The first that fits counts. */
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
      if (/reason[=":]+query\b/.test(patient.log().since())) return queryGone(patient)
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

function queryGone(patient: Patient): Finding {
  return failure(
    {
      en: 'the query (signature, timestamp, nonce) does not arrive at the responder, or not as it was sent',
      zh: '查询参数（signature、timestamp、nonce）没有原样到达服务',
    },
    queryThief(patient) ?? {
      en: 'look for a RewriteRule or a proxy that takes the query away',
      zh: '请检查去掉查询参数的 RewriteRule 或代理',
    },
  )
}

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
