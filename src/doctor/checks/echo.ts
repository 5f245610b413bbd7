import type { Answer } from '../ask.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../check.ts'
import { explainLog } from '../log-lines.ts'
import { causeOf, isOurs } from '../no-echo.ts'
import type { Patient, Target } from '../patient.ts'
import { accessCheck, ECHOSTR, questionFor } from '../requests.ts'
import { unitTrouble } from '../unit.ts'
import { CORRECT_CLOCK } from './clock.ts'
import { notReloaded } from './vhost.ts'

/** Milliseconds from which an answer is slow: two of them and a bad network are WeChat's five seconds. */
const SLOW = 2000

/** The access check that the console makes, through the web server: the echostr comes back, and nothing else. */
export const echo: Check = {
  name: 'echo',
  title: { en: 'access check through Apache', zh: '经 Apache 的接入校验' },
  needs: ['config', 'vhost', 'modules', 'port', 'service', 'pipe'],
  async look(patient) {
    // What the log holds by now is none of our doing.
    patient.log()
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
  const answer = await patient.ask(questionFor(target, accessCheck(target.account.token, patient.now()).query))
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
  const old = isOurs(answer) ? undefined : notReloaded(patient)
  if (old) return old
  const finding = causeOf(answer, patient)
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
    return (
      unitTrouble(patient) ??
      withEvidence(
        failure(saw, {
          en: 'look for what hangs: the service (restart it), a module of Apache, the disk',
          zh: '请检查卡在哪里：服务（可重启）、Apache 的模块或磁盘',
        }),
        patient,
      )
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
      const answer = await ask(questionFor(target, accessCheck(target.account.token, now() + offset * HOUR).query))
      return typeof answer !== 'string' && answer.body === ECHOSTR ? offset : undefined
    })
    const found = (await Promise.all(tried)).find(offset => offset !== undefined)
    if (found !== undefined) return found
  }
  return undefined
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
