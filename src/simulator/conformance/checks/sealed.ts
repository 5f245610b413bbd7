import { sign } from '../../../crypto/signature.ts'
import { type Check, ENCRYPTED } from '../check.ts'
import { Finding } from '../finding.ts'
import { quote } from '../judge.ts'

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
