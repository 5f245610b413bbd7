import { sign } from '../../../crypto/signature.ts'
import type { Check } from '../check.ts'
import { ENCRYPTED } from '../check.ts'
import { Finding } from '../finding.ts'
import { quote, unexpected } from '../judge.ts'
import type { Player } from '../player.ts'
import type { WireAnswer } from '../wire.ts'

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

const AES_BLOCK = 16
/** Where the message begins in what is encrypted: behind 16 random bytes and its length. */
const MESSAGE_AT = 20

const FORGED = {
  en: 'in safe mode msg_signature is the only proof that covers the content',
  zh: '安全模式下只有 msg_signature 能证明消息内容',
}

/** Messages that were encrypted by somebody else, or tampered with ("Message encryption"). */
export const sealedChecks: readonly Check[] = [
  {
    name: 'sealed-plaintext',
    severity: 'must',
    modes: ENCRYPTED,
    title: {
      en: 'plain elements under encrypt_type=aes get no reply',
      zh: 'encrypt_type=aes 但正文是明文时得不到回复',
    },
    why: {
      en: 'who has one signed URL, without the key, could write anything',
      zh: '否则没有密钥、只有一个签名网址的人也能写入任意内容',
    },
    async run(player) {
      const { xml } = player.compose('text')
      player.expectNoReply(await player.post({ ...player.sign(), encrypt_type: 'aes' }, xml))
      const { query } = player.seal(player.compose('text').xml)
      player.expectNoReply(await player.post(query, xml))
    },
  },
  {
    name: 'sealed-unsigned',
    severity: 'must',
    modes: ENCRYPTED,
    title: { en: 'without msg_signature an envelope is refused', zh: '缺少 msg_signature 的密文得不到回复' },
    why: FORGED,
    async run(player) {
      const { query, body } = player.seal(player.compose('text').xml)
      const { msg_signature: _, ...rest } = query
      player.expectNoReply(await player.post(rest, body))
      player.expectNoReply(await player.post({ ...rest, msg_signature: '' }, body))
    },
  },
  {
    name: 'sealed-signature',
    severity: 'must',
    modes: ENCRYPTED,
    title: {
      en: 'msg_signature is checked, and nothing else in its place',
      zh: '校验的是 msg_signature，而不是其他签名',
    },
    why: FORGED,
    async run(player) {
      const { query, body } = player.seal(player.compose('text').xml)
      for (const msg_signature of [query['signature'] ?? '', '0'.repeat(40)]) {
        player.expectNoReply(await player.post({ ...query, msg_signature }, body))
      }
      const stranger = player.seal(player.compose('text').xml, { token: 'anotherToken' })
      player.expectNoReply(await player.post({ ...stranger.query, ...player.sign() }, stranger.body))
    },
  },
  {
    name: 'sealed-tampered',
    severity: 'must',
    modes: ENCRYPTED,
    hostile: true,
    title: { en: 'one changed byte of the ciphertext is noticed', zh: '密文改动一个字节就会被发现' },
    why: {
      en: 'who may try changed ciphertexts reads messages without the key (padding oracle)',
      zh: '允许反复尝试改动的密文，就能在没有密钥时读出内容（填充预言攻击）',
    },
    async run(player) {
      const { xml } = player.compose('text', ['a'.repeat(5 * AES_BLOCK)])
      const { query, body } = player.seal(xml)
      // In the middle of the follower's words, where a responder that reads it at all would notice nothing.
      const inWords = MESSAGE_AT + Buffer.byteLength(xml.slice(0, xml.indexOf('aaaa'))) + 2 * AES_BLOCK
      const [, text = ''] = /<Encrypt><!\[CDATA\[([^\]]*)/.exec(body) ?? []
      const bytes = Buffer.from(text, 'base64')
      bytes.writeUInt8(bytes.readUInt8(inWords) ^ 1, inWords)
      player.expectNoReply(await player.post(query, body.replace(text, bytes.toString('base64'))))
    },
  },
  {
    name: 'sealed-app-id',
    severity: 'must',
    modes: ENCRYPTED,
    title: { en: 'an envelope for another AppID is refused', zh: 'AppID 不符的密文得不到回复' },
    why: {
      en: 'the AppID inside is what binds a message to the account',
      zh: '密文中的 AppID 才能说明消息属于哪个公众号',
    },
    async run(player) {
      const { appId = '' } = player.account
      for (const other of ['wxffffffffffffffff', '', `${appId}0`]) {
        const { query, body } = player.seal(player.compose('text').xml, { appId: other })
        player.expectNoReply(await player.post(query, body))
      }
    },
  },
  {
    name: 'sealed-broken',
    severity: 'must',
    modes: ENCRYPTED,
    hostile: true,
    title: { en: 'a signed envelope with broken contents does no harm', zh: '签名正确但内容损坏的密文不会造成问题' },
    why: {
      en: 'lengths that lie read beyond the message, and a crash loses everybody’s messages',
      zh: '虚假的长度会读到消息之外；崩溃则会丢失所有人的消息',
    },
    async run(player) {
      for (const encrypt of [
        '',
        'AAAA',
        '!!!!',
        'A'.repeat(64),
        'A'.repeat(4096),
        Buffer.alloc(33).toString('base64'),
      ]) {
        const { signature, timestamp, nonce } = player.sign()
        const msg_signature = sign(player.account.token, timestamp, nonce, encrypt)
        const query = { signature, timestamp, nonce, encrypt_type: 'aes', msg_signature }
        player.expectNoReply(await player.post(query, `<xml><Encrypt>${encrypt}</Encrypt></xml>`))
      }
    },
  },
  {
    name: 'sealed-alike',
    severity: 'should',
    modes: ENCRYPTED,
    title: { en: 'every failure of decryption looks the same', zh: '各种解密失败的应答完全一样' },
    why: {
      en: 'an answer that tells bad padding from a bad AppID is half of a padding oracle',
      zh: '能区分填充错误和 AppID 错误，就等于半个填充预言机',
    },
    async run(player) {
      const { xml } = player.compose('text')
      const wrong = [{ appId: 'wxffffffffffffffff' }, { key: Buffer.alloc(32, 7) }]
      const answers: string[] = []
      for (const other of wrong) {
        const { query, body } = player.seal(xml, other)
        const answer = await player.post(query, body)
        answers.push(`${answer.status} ${quote(answer.body)}`)
      }
      if (new Set(answers).size > 1) throw new Finding({ en: answers.join(' / '), zh: answers.join(' / ') })
    },
  },
]
