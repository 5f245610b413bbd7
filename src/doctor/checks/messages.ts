import type { AccountConfig } from '../../config/types.ts'
import { judgeReply } from '../../simulator/verdict.ts'
import type { Answer } from '../ask.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../check.ts'
import { culpritOf } from '../culprit.ts'
import { explain } from '../explain.ts'
import { explainLog } from '../log-lines.ts'
import { isOurs } from '../no-echo.ts'
import type { Patient, Target } from '../patient.ts'
import { addressesOf, message, questionFor } from '../requests.ts'

const MODES = ['plain', 'compatible', 'safe'] as const
const NAMES = { plain: '明文', compatible: '兼容', safe: '安全' } as const
type Mode = (typeof MODES)[number]
/** Milliseconds. */
const SLOW = 3000
const LOOK = { en: 'restart the service; its log says why', zh: '请重启服务；原因见日志' }

/** A message to each account in each mode that the configuration permits, by POST; and a plain one is refused in safe mode. */
export const messages: Check = {
  name: 'messages',
  title: { en: 'messages through Apache', zh: '经 Apache 的消息' },
  needs: ['echo', 'store', 'state'],
  async look(patient) {
    const doors = await patient.doors()
    if (doors.length === 0) return skipped({ en: 'nobody knows where to ask', zh: '不知道网址' })
    const findings: Finding[] = []
    for (const door of doors) {
      const found = await tryModes(door, patient)
      findings.push(...(doors.length > 1 ? found.map(each => ofAccount(door.name, each)) : found))
    }
    const bad = [...findings.filter(({ state }) => state !== 'ok'), ...logged(patient)]
    if (bad.length > 0) return bad
    const said = findings.map(({ saw }) => saw)
    return ok({ en: said.map(({ en }) => en).join('; '), zh: said.map(({ zh }) => zh).join('；') })
  },
}

async function tryModes(door: Target, patient: Patient): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const mode of MODES) {
    const delivery = message(door.account, mode, patient.now())
    if (!delivery) continue
    const question = questionFor(door, delivery.query)
    const answer = await patient.ask({ ...question, method: 'POST', body: delivery.body })
    findings.push(typeof answer === 'string' ? silent(mode, answer, door) : judge(mode, answer, door, patient))
  }
  return findings
}

function ofAccount(name: string, { saw, ...finding }: Finding): Finding {
  return { ...finding, saw: { en: `${name}: ${saw.en}`, zh: `${name}：${saw.zh}` } }
}

function silent(mode: Mode, code: string, { url }: Target): Finding {
  return failure(
    {
      en: `a ${mode} message to ${url.host} gets no answer (${code})`,
      zh: `发往 ${url.host} 的${NAMES[mode]}消息没有应答（${code}）`,
    },
    { en: 'look at the handlers in src/app.ts, and at the log', zh: '请检查 src/app.ts 中的处理程序和日志' },
  )
}

function judge(mode: Mode, answer: Answer, { account }: Target, patient: Patient): Finding {
  const name = NAMES[mode]
  const time = `${Math.round(answer.milliseconds)} ms`
  if (account.mode === 'safe' && mode === 'plain') {
    if (answer.status === 403) return ok({ en: `${mode} 403`, zh: `${name} 403` })
    if (answer.status === 200) return downgraded()
  }
  if (answer.status !== 200) return refused(mode, answer, patient)
  const { taken, reason } = judgeReply({ ...answer, headers: {} }, expectation(mode, account))
  if (!taken) {
    return failure(
      {
        en: `WeChat would refuse the answer to a ${mode} message: ${reason.en}`,
        zh: `微信会拒绝${name}消息的应答：${reason.zh}`,
      },
      {
        en: 'restart the service: it may have an older configuration; else look at the handlers in src/app.ts',
        zh: '请重启服务：它可能使用旧配置；否则请检查 src/app.ts 中的处理程序',
      },
    )
  }
  if (answer.milliseconds > SLOW) {
    return warning(
      { en: `a ${mode} message takes ${time}; WeChat waits for 5 s`, zh: `${name}消息用了 ${time}；微信只等待 5 秒` },
      { en: 'see what the handlers in src/app.ts wait for', zh: '请检查 src/app.ts 中的处理程序在等待什么' },
    )
  }
  return ok({ en: `${mode} ${time}`, zh: `${name} ${time}` })
}

/** As the platform opens what comes back. */
function expectation(mode: Mode, account: AccountConfig) {
  const { token, appId = '', aesKey = '' } = account
  const { toUserName, fromUserName } = addressesOf(account)
  const simulated = { token, appId, aesKey, appSecret: '', userName: toUserName }
  return { mode, account: simulated, toUserName, fromUserName, isEvent: true }
}

function downgraded(): Finding {
  return failure(
    { en: '“mode” is safe, and a plain message is answered', zh: '"mode" 为 safe，明文消息却得到应答' },
    { en: 'restart the service: it has an older configuration', zh: '请重启服务：它使用的是旧配置' },
  )
}

function refused(mode: Mode, answer: Answer, patient: Patient): Finding {
  const culprit = isOurs(answer) ? undefined : culpritOf(answer.status, patient)
  const [entry] = explainLog(patient.log().since()).filter(({ symptom }) => symptom.weight !== 'noise')
  const [en, zh] = isOurs(answer) ? ['', ''] : [' from Apache', 'Apache 返回的']
  return failure(
    {
      en: `a ${mode} message gets status ${answer.status}${en}`,
      zh: `${NAMES[mode]}消息得到${zh}状态码 ${answer.status}`,
    },
    culprit ?? entry?.symptom.todo ?? explain(String(answer.status))[0]?.todo ?? LOOK,
  )
}

/** Messages are answered even where nothing can be kept; the log alone says so. */
function logged(patient: Patient): Finding[] {
  const failures = explainLog(patient.log().since()).filter(({ symptom }) => symptom.weight === 'failure')
  return failures.slice(0, 1).map(({ symptom: { what, todo }, example }) =>
    failure(
      {
        en: `they are answered, but ${what.en}: ${patient.quote(example, 300)}`,
        zh: `有应答，但${what.zh}：${patient.quote(example, 300)}`,
      },
      todo,
    ),
  )
}
