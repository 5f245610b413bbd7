import type { Answer } from '../ask.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../check.ts'
import { explain } from '../explain.ts'
import { explainLog } from '../log-lines.ts'
import type { Patient, Target } from '../patient.ts'
import { message, questionFor } from '../requests.ts'

const MODES = ['plain', 'compatible', 'safe'] as const
const NAMES = { plain: '明文', compatible: '兼容', safe: '安全' } as const
/** Milliseconds. */
const SLOW = 3000
const LOOK = { en: 'restart the service; its log says why', zh: '请重启服务；原因见日志' }

/** A message in each mode that the configuration permits, by POST; and a plain one is refused in safe mode. */
export const messages: Check = {
  name: 'messages',
  title: { en: 'messages through Apache', zh: '经 Apache 的消息' },
  needs: ['echo', 'store', 'state'],
  async look(patient) {
    const target = await patient.target()
    if (!target) return skipped({ en: 'nobody knows where to ask', zh: '不知道网址' })
    const account = await patient.config()
    const findings: Finding[] = []
    for (const mode of MODES) {
      const delivery = message(account, mode, patient.now())
      if (!delivery) continue
      const question = questionFor(target, delivery.query)
      const answer = await patient.ask({ ...question, method: 'POST', body: delivery.body })
      findings.push(judge(mode, account.mode, answer, target, patient))
    }
    const bad = findings.filter(({ state }) => state !== 'ok')
    if (bad.length > 0) return bad
    const said = findings.map(({ saw }) => saw)
    return ok({ en: said.map(({ en }) => en).join('; '), zh: said.map(({ zh }) => zh).join('；') })
  },
}

function judge(
  mode: (typeof MODES)[number],
  configured: string,
  answer: Answer | string,
  { url }: Target,
  patient: Patient,
): Finding {
  const name = NAMES[mode]
  if (typeof answer === 'string') {
    return failure(
      {
        en: `a ${mode} message to ${url.host} gets no answer (${answer})`,
        zh: `发往 ${url.host} 的${name}消息没有应答（${answer}）`,
      },
      { en: 'look at the handlers in src/app.ts, and at the log', zh: '请检查 src/app.ts 中的处理程序和日志' },
    )
  }
  const time = `${Math.round(answer.milliseconds)} ms`
  if (configured === 'safe' && mode !== 'safe') {
    return answer.status === 403 || mode === 'compatible'
      ? ok({ en: `${mode} ${answer.status}`, zh: `${name} ${answer.status}` })
      : failure(
          {
            en: `“mode” is safe, and a plain message is answered with ${answer.status}`,
            zh: `"mode" 为 safe，明文消息却得到 ${answer.status}`,
          },
          { en: 'restart the service: it has an older configuration', zh: '请重启服务：它使用的是旧配置' },
        )
  }
  if (answer.status !== 200) {
    const [entry] = explainLog(patient.log().since())
    return failure(
      { en: `a ${mode} message gets status ${answer.status}`, zh: `${name}消息得到状态码 ${answer.status}` },
      entry?.symptom.todo ?? explain(String(answer.status))[0]?.todo ?? LOOK,
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
