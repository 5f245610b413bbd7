import type { Check } from '../check.ts'
import { Finding } from '../finding.ts'
import { quote, unexpected } from '../judge.ts'
import type { Player } from '../player.ts'
import type { WireAnswer } from '../wire.ts'

/** How a right responder says no: clearly, calmly, and without a word too many. */
export const refusalChecks: readonly Check[] = [
  {
    name: 'refusal-status',
    severity: 'should',
    title: { en: 'a forgery is refused with a status of its own', zh: '伪造的消息会得到明确的拒绝状态' },
    why: {
      en: 'success says “I have it”: with a wrong Token in the configuration every message is lost in silence',
      zh: '返回 success 表示“已收到”：一旦配置的 Token 有误，所有消息都会无声无息地丢失',
    },
    async run(player) {
      const answer = await player.post(player.sign({ token: 'anotherToken' }), player.compose('text').xml)
      if (answer.status < 400) throw unexpected(answer)
    },
  },
  {
    name: 'refusal-calm',
    severity: 'should',
    hostile: true,
    title: { en: 'nonsense is refused with a status below 500', zh: '无效请求的拒绝状态低于 500' },
    why: {
      en: 'an error 500 says that your program failed, and somebody is woken for a stranger’s typing',
      zh: '500 表示程序出错，会有人半夜被陌生人的乱敲吵醒',
    },
    async run(player) {
      for (const answer of await player.once('nonsense', nonsense)) if (answer.status >= 500) throw unexpected(answer)
    },
  },
  {
    name: 'refusal-neutral',
    severity: 'must',
    hostile: true,
    title: { en: 'a refusal tells no secret', zh: '拒绝时不泄露机密' },
    why: {
      en: 'error pages with the Token, the key or a stack trace are how attackers learn them',
      zh: '带有 Token、密钥或调用栈的错误页正是攻击者的信息来源',
    },
    async run(player) {
      const { token, key } = player.account
      const secrets = [token, key?.toString('base64').slice(0, -1) ?? '', key?.toString('hex') ?? '']
      for (const { body } of await player.once('nonsense', nonsense)) {
        const text = body.toString()
        const told = secrets.some(secret => secret.length >= 6 && text.includes(secret))
        if (told) throw new Finding({ en: 'it shows the Token or the key', zh: '它显示了 Token 或密钥' })
        if (STACK.test(text))
          throw new Finding({ en: `it shows where it failed: ${quote(body)}`, zh: `它显示了出错位置：${quote(body)}` })
      }
    },
  },
]

const STACK =
  /\n\s+at .+:\d+|Traceback \(most recent|Stack trace:|\.php on line \d|goroutine \d+ \[|\bat [\w.$]+\([\w.]+\.java:/

/** Requests that mean nothing, with and without a right signature. */
async function nonsense(player: Player): Promise<WireAnswer[]> {
  const answers = [
    await player.get(''),
    await player.post(player.sign({ token: 'anotherToken' }), player.compose('text').xml),
    await player.post({ ...player.sign(), timestamp: 'yesterday', nonce: '{}' }, '<xml>'),
  ]
  for (const document of ['<xml><a></xml>', '{"a":', '', '<xml><ToUserName/></xml>']) {
    answers.push(...(await player.smuggle(document)))
  }
  return answers
}
