import { sign } from '../../../crypto/signature.ts'
import type { Check } from '../check.ts'
import type { Player } from '../player.ts'

const BELIEVED = {
  en: 'whoever is believed may speak as any follower, and read what the account would answer him',
  zh: '一旦被相信，伪造者就能冒充任何用户，并读到公众号给该用户的回复',
}
const HOUR = 3600

/** Messages that WeChat did not send ("Message push"). */
export const forgeryChecks: readonly Check[] = [
  {
    name: 'forgery-token',
    severity: 'must',
    title: { en: 'a message signed with another Token gets no reply', zh: '用其他 Token 签名的消息得不到回复' },
    why: BELIEVED,
    run: player => forge(player, () => player.sign({ token: 'anotherToken' })),
  },
  {
    name: 'forgery-altered',
    severity: 'must',
    title: { en: 'a changed timestamp or nonce makes the signature wrong', zh: '时间戳或随机数被改动后签名无效' },
    why: {
      en: 'otherwise one captured request is good for ever',
      zh: '否则截获一次请求就可以永远使用',
    },
    async run(player) {
      await forge(player, () => ({ ...player.sign(), nonce: '1' }))
      await forge(player, () => {
        const signed = player.sign()
        return { ...signed, timestamp: String(Number(signed.timestamp) + 1) }
      })
    },
  },
  {
    name: 'forgery-unsigned',
    severity: 'must',
    title: { en: 'a message without a whole signature gets no reply', zh: '没有完整签名的消息得不到回复' },
    why: BELIEVED,
    async run(player) {
      await forge(player, () => ({}))
      await forge(player, () => ({ ...player.sign(), signature: '' }))
      await forge(player, () => {
        const signed = player.sign()
        return { ...signed, signature: signed.signature.slice(0, 8) }
      })
      await forge(player, () => {
        const { timestamp, nonce } = player.sign()
        return { signature: sign('', timestamp, nonce), timestamp, nonce }
      })
    },
  },
  {
    name: 'forgery-old',
    severity: 'should',
    title: { en: 'a timestamp of an hour ago is refused', zh: '拒绝一小时以前的时间戳' },
    why: {
      en: 'in plain mode the signature does not cover the body: who finds one in a log may send anything with it',
      zh: '明文模式的签名不包含正文：从日志里捡到一个签名就能发送任意内容',
    },
    run: player => forge(player, () => player.sign({ timestamp: shifted(player, -HOUR) })),
  },
  {
    name: 'forgery-future',
    severity: 'should',
    title: { en: 'a timestamp of tomorrow is refused', zh: '拒绝明天的时间戳' },
    why: {
      en: 'it would outlive every replay window that looks back only',
      zh: '只检查过去的重放窗口对它不起作用',
    },
    run: player => forge(player, () => player.sign({ timestamp: shifted(player, 24 * HOUR) })),
  },
]

function shifted({ stage }: Player, seconds: number): string {
  return String(Math.floor(stage.now() / 1000) + seconds)
}

/** A plain message; where the account's messages are encrypted, a right envelope as well, under wrong parameters. */
async function forge(player: Player, parameters: () => Readonly<Record<string, string>>): Promise<void> {
  const { xml } = player.compose('text')
  player.expectNoReply(await player.post(parameters(), xml))
  if (player.account.mode === 'plain') return
  const { timestamp = '', nonce = '', signature = '' } = parameters()
  const honest = sign(player.account.token, timestamp, nonce) === signature
  const sealed = player.seal(xml, { timestamp, nonce, ...(!honest && { token: 'anotherToken' }) })
  player.expectNoReply(await player.post({ ...sealed.query, signature, timestamp, nonce }, sealed.body))
}
