import type { Bilingual } from '../../errors.ts'
import type { Terminal } from '../terminal/command.ts'
import { INIT_KEYS, type InitKey, type InitValues, modeOf, reasonAgainst } from './init-values.ts'

const QUESTIONS: Readonly<Record<InitKey, (there: string | undefined) => Bilingual>> = {
  appId: there => ({
    en: `AppID, wx… (${there ?? 'Enter: without one, in plain mode'}): `,
    zh: `AppID，wx…（${there ?? '直接回车：不填，使用明文模式'}）：`,
  }),
  mode: there => ({
    en: `Mode: safe, compatible or plain (${there ?? 'Enter: safe with an AppID'}): `,
    zh: `消息加解密方式：safe 安全、compatible 兼容、plain 明文（${there ?? '直接回车：有 AppID 时为 safe'}）：`,
  }),
  token: there => ({
    en: `Token (Enter: ${there ? 'as it is' : 'a random one'}): `,
    zh: `Token（直接回车：${there ? '保持不变' : '随机生成'}）：`,
  }),
  aesKey: there => ({
    en: `EncodingAESKey (Enter: ${there ? 'as it is' : 'a random one'}): `,
    zh: `EncodingAESKey（直接回车：${there ? '保持不变' : '随机生成'}）：`,
  }),
  appSecret: there => ({
    en: `AppSecret, not shown (Enter: ${there ? 'as it is' : 'without; the API needs it'}): `,
    zh: `AppSecret，输入时不显示（直接回车：${there ? '保持不变' : '不填；调用接口时需要'}）：`,
  }),
}

/** Asks for what no flag says, again as long as the answer is not permitted; nothing where nobody is there. */
export async function askFor(given: InitValues, there: InitValues, terminal: Terminal): Promise<InitValues> {
  const answers: Partial<Record<InitKey, string>> = {}
  for (const key of INIT_KEYS.filter(each => given[each] === undefined)) {
    if (key === 'aesKey' && modeOf({ ...there, ...given, ...answers }, there) === 'plain') continue
    for (;;) {
      const answer = await terminal.ask(
        terminal.say(QUESTIONS[key](key === 'appId' || key === 'mode' ? there[key] : there[key] && '*')),
        {
          hidden: key === 'appSecret',
        },
      )
      if (answer === undefined) return answers
      const value = answer.trim()
      if (value === '') break
      const reason = reasonAgainst(key, value)
      if (!reason) {
        answers[key] = value
        break
      }
      terminal.printError(`  ${terminal.say(reason)}`)
    }
  }
  return answers
}
