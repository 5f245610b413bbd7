import { decrypt } from '../../../crypto/cipher.ts'
import { CryptoError } from '../../../crypto/crypto-error.ts'
import type { Envelope } from '../../../crypto/envelope.ts'
import { sign } from '../../../crypto/signature.ts'
import type { Mode } from '../../exchange.ts'
import { type Check, ENCRYPTED } from '../check.ts'
import { Finding, findingAbout, NotJudged } from '../finding.ts'
import { one, quote, type Reply, unexpected } from '../judge.ts'
import { createFollower, type Player } from '../player.ts'
import { noReply } from './reply.ts'

/** The three modes of the console (消息加解密方式), and the replies to encrypted messages. */
export const encryptionChecks: readonly Check[] = [
  {
    name: 'mode-safe',
    severity: 'must',
    modes: ENCRYPTED,
    title: { en: 'a message in safe mode gets an encrypted reply', zh: '安全模式的消息得到加密的回复' },
    why: { en: 'WeChat takes no plain reply there', zh: '安全模式下微信不接受明文回复' },
    async run(player) {
      if (!(await replyIn(player, 'safe')).envelope)
        throw new Finding({ en: 'its reply is plain', zh: '它的回复是明文' })
    },
  },
  {
    name: 'mode-compatible',
    severity: 'must',
    modes: ENCRYPTED,
    title: { en: 'a message in compatible mode is taken once', zh: '兼容模式的消息被正常接收' },
    why: {
      en: 'it holds the message twice, plain and encrypted; changing modes goes through it',
      zh: '同一消息同时以明文和密文出现；切换模式时会用到兼容模式',
    },
    async run(player) {
      await player.ask(player.compose('text'), 'compatible')
    },
  },
  {
    name: 'mode-plain',
    severity: 'should',
    modes: ['compatible'],
    title: { en: 'a plain message gets a plain reply', zh: '明文消息得到明文回复' },
    why: {
      en: 'while the mode is being changed in the console, messages of before still arrive',
      zh: '在后台切换模式期间，仍会收到切换前的消息',
    },
    async run(player) {
      if ((await replyIn(player, 'plain')).envelope)
        throw new Finding({ en: 'its reply is encrypted', zh: '它的回复是密文' })
    },
  },
  {
    name: 'mode-downgrade',
    severity: 'must',
    modes: ['safe'],
    title: { en: 'in safe mode a plain message gets no reply', zh: '安全模式下明文消息得不到回复' },
    why: {
      en: 'otherwise safe mode protects nothing: an attacker leaves the encryption out',
      zh: '否则安全模式形同虚设：攻击者不加密就行了',
    },
    async run(player) {
      player.expectNoReply(await player.deliver(player.compose('text'), 'plain'))
    },
  },
  {
    name: 'mode-encrypted-half',
    severity: 'must',
    modes: ENCRYPTED,
    title: { en: 'beside an envelope the plain elements are not believed', zh: '有密文时不相信旁边的明文元素' },
    why: {
      en: 'only the encrypted half is signed: the plain one may come from anybody',
      zh: '只有密文部分带有签名，明文部分可能是任何人写的',
    },
    async run(player) {
      const victim = createFollower()
      const forged = player.compose('text', [], { FromUserName: victim })
      const { query, body } = player.seal(player.compose('text').xml)
      const encrypt = /<Encrypt>.*<\/Encrypt>/s.exec(body)?.[0] ?? ''
      const answer = await player.post(
        query,
        forged.xml.replace(/<\/xml>$/, () => `${encrypt}</xml>`),
      )
      const reply = player.read(answer)
      if (one(reply?.root['ToUserName']) === victim) {
        throw new Finding({ en: 'it answers the plain half', zh: '它回复的是明文部分' })
      }
    },
  },
  {
    name: 'cipher-padding',
    severity: 'must',
    modes: ENCRYPTED,
    title: { en: 'every length of padding is read', zh: '各种填充长度都能解密' },
    why: {
      en: 'WeChat pads to 32 bytes; libraries that expect 16 fail on half of all messages',
      zh: '微信按 32 字节填充；按 16 字节去填充的库会有一半消息解不开',
    },
    async run(player) {
      const { appId = '' } = player.account
      for (const padding of [1, 16, 17, 31, 32]) {
        const size = ({ xml }: { xml: string }) => 20 + Buffer.byteLength(xml) + Buffer.byteLength(appId)
        const from = createFollower()
        const short = player.compose('text', [''], { FromUserName: from })
        const filler = (64 - padding - (size(short) % 32)) % 32
        const { query, body } = player.seal(
          player.compose('text', ['a'.repeat(filler + 32)], { FromUserName: from }).xml,
        )
        const answer = await player.post(query, body)
        if (answer.status === 200) continue
        throw findingAbout({ en: `padding of ${padding}`, zh: `填充 ${padding} 字节` }, unexpected(answer))
      }
    },
  },
  {
    name: 'cipher-blanks',
    severity: 'should',
    modes: ENCRYPTED,
    title: { en: 'line ends round and in the Encrypt text do not matter', zh: 'Encrypt 文本中的换行不影响解密' },
    why: { en: 'some have been seen, and base64 does not mind', zh: '实际中出现过，base64 也允许' },
    async run(player) {
      const { query, body } = player.seal(player.compose('text').xml)
      const broken = body.replace(/(?<=<Encrypt><!\[CDATA\[)(.{76})/, '\n$1\n')
      const answer = await player.post(query, broken)
      if (answer.status !== 200) throw unexpected(answer)
    },
  },
  {
    name: 'cipher-success',
    severity: 'must',
    modes: ENCRYPTED,
    title: { en: 'success goes out as it is, not encrypted', zh: 'success 直接返回，不加密' },
    why: { en: 'inside an envelope it is no reply XML', zh: '放进密文里就不是合法的回复 XML' },
    async run(player) {
      await player.ask(player.compose('event:hologram_shown'), 'safe')
    },
  },
  {
    name: 'cipher-signature',
    severity: 'must',
    modes: ENCRYPTED,
    title: { en: 'the MsgSignature of a reply fits', zh: '回复的 MsgSignature 正确' },
    why: { en: 'WeChat throws a reply with a wrong one away', zh: '签名不对的回复会被微信丢弃' },
    async run(player) {
      const { encrypt, timestamp, nonce, msgSignature } = await envelopeOf(player)
      if (!/^\d+$/.test(timestamp) || nonce === '') {
        throw new Finding({ en: 'TimeStamp or Nonce is missing', zh: '缺少 TimeStamp 或 Nonce' })
      }
      if (msgSignature === sign(player.account.token, timestamp, nonce, encrypt)) return
      throw new Finding({ en: `it is ${quote(msgSignature)}`, zh: `其值为${quote(msgSignature)}` })
    },
  },
  {
    name: 'cipher-app-id',
    severity: 'must',
    modes: ENCRYPTED,
    title: { en: 'a reply is encrypted for the account’s AppID', zh: '回复密文中的 AppID 正确' },
    why: { en: 'WeChat throws one for another account away', zh: 'AppID 不符的回复会被微信丢弃' },
    run: player => openStrictly(player, [-40005, -40008]),
  },
  {
    name: 'cipher-reply-padding',
    severity: 'must',
    modes: ENCRYPTED,
    title: { en: 'a reply is padded to 32 bytes', zh: '回复按 32 字节填充' },
    why: {
      en: 'so the documentation says; what WeChat does with other paddings is its secret',
      zh: '文档如此规定；其他填充方式微信如何处理无人知晓',
    },
    async run(player) {
      await openStrictly(player, [-40007, -40010])
      const { encrypt } = await envelopeOf(player)
      const size = Buffer.from(encrypt, 'base64').length
      if (size % 32 !== 0) throw new Finding({ en: `${size} bytes`, zh: `${size} 字节` })
    },
  },
  {
    name: 'cipher-random',
    severity: 'should',
    modes: ENCRYPTED,
    title: { en: 'every reply begins with other random bytes', zh: '每次回复开头的随机字节都不同' },
    why: {
      en: 'without them equal replies look equal, and the beginning of a message can be guessed',
      zh: '否则相同的回复密文也相同，可以猜出内容',
    },
    async run(player) {
      const [first, second] = [await envelopeOf(player), await envelopeOf(player)]
      if (first.encrypt.slice(0, 20) === second.encrypt.slice(0, 20)) {
        throw new Finding({ en: 'two replies begin alike', zh: '两次回复的开头相同' })
      }
    },
  },
]

async function replyIn(player: Player, mode: Mode): Promise<Reply> {
  for (const kind of ['text', 'event:subscribe']) {
    const reply = await player.ask(player.compose(kind), mode)
    if (reply) return reply
  }
  throw noReply()
}

async function envelopeOf(player: Player): Promise<Envelope> {
  const { envelope } = await replyIn(player, 'safe')
  if (!envelope) throw new NotJudged({ en: 'its replies are not encrypted', zh: '它的回复没有加密' })
  return envelope
}

/** Opens a reply as WeChat would, and blames the responder for these codes of WeChat's. */
async function openStrictly(player: Player, codes: readonly number[]): Promise<void> {
  const { appId = '', key = Buffer.alloc(32) } = player.account
  const { encrypt } = await envelopeOf(player)
  try {
    decrypt(encrypt, key, appId)
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error
    if (codes.includes(error.code)) throw new Finding({ en: error.message, zh: error.zh })
  }
}
