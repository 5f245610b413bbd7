import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { decodeAesKey } from '../../src/crypto/cipher.ts'
import { openEnvelope, readEnvelope, sealEnvelope } from '../../src/crypto/envelope.ts'
import { sign, verifySignature } from '../../src/crypto/signature.ts'
import { parseMessage } from '../../src/message/parse.ts'
import { renderReply } from '../../src/reply/render.ts'
import { parseXml } from '../../src/xml/parse.ts'
import { AES_KEY, APP_ID, benchMessage, FIXED_REPLY, TOKEN } from './messages.ts'
import type { Round } from './rounds.ts'

const BATCH = 2000
const [timestamp, nonce] = ['1700000000', '7']
const key = decodeAesKey(AES_KEY)
const credentials = { tokens: [TOKEN], aesKeys: [key], appId: APP_ID }

/** Microseconds for one call, on average of a batch. */
function timed(en: string, zh: string, call: () => unknown): Round {
  return {
    name: { en, zh },
    async measure() {
      const begun = performance.now()
      for (let count = 0; count < BATCH; count++) await call()
      return { value: ((performance.now() - begun) * 1000) / BATCH }
    },
  }
}

/** @param npmFolder where npm `wechat` is installed, which brings wechat-crypto */
export function cryptoFunctions(npmFolder: string | undefined): readonly Round[] {
  const signature = sign(TOKEN, timestamp, nonce)
  const seal = () =>
    sealEnvelope(FIXED_REPLY, { token: TOKEN, key, appId: APP_ID, timestamp, nonce, random: randomBytes })
  const envelope = readEnvelope(seal())
  const own = [
    timed('open an envelope: check and decrypt', '拆封：验签并解密', () => openEnvelope(envelope, credentials)),
    timed('seal a reply: encrypt and sign', '加封：加密并签名', seal),
    timed('check a signature', '验证签名', () => verifySignature(signature, [TOKEN], timestamp, nonce)),
  ]
  if (!npmFolder) return own
  const Peer = createRequire(`${npmFolder}/`)('wechat-crypto')
  const peer = new Peer(TOKEN, AES_KEY, APP_ID)
  return [
    ...own,
    timed('npm wechat-crypto: check and decrypt', 'npm wechat-crypto：验签并解密', () => {
      peer.getSignature(timestamp, nonce, envelope.encrypt)
      return peer.decrypt(envelope.encrypt)
    }),
    timed('npm wechat-crypto: encrypt and sign', 'npm wechat-crypto：加密并签名', () =>
      peer.getSignature(timestamp, nonce, peer.encrypt(FIXED_REPLY)),
    ),
  ]
}

/** @param npmFolder where npm `wechat` is installed, which brings xml2js */
export function xmlFunctions(npmFolder: string | undefined): readonly Round[] {
  const { body } = benchMessage('plain', 1, Number(timestamp))
  const bytes = Buffer.from(body)
  const nested = Buffer.from(body.replace('</xml>', '<List><item><a>1</a></item><item><a>2</a></item></List></xml>'))
  const address = { toUserName: 'oBench', fromUserName: 'gh_be4c', createTime: Number(timestamp) }
  const own = [
    timed('read a message: XML, checked', '读取消息：解析并检查 XML', () => parseMessage(parseXml(bytes))),
    timed('read one with nested elements', '读取含嵌套元素的消息', () => parseMessage(parseXml(nested))),
    timed('write a text reply', '写出文本回复', () => renderReply({ MsgType: 'text', Content: '你好' }, address)),
  ]
  if (!npmFolder) return own
  const xml2js = createRequire(`${npmFolder}/`)('xml2js')
  return [
    ...own,
    timed('npm xml2js: XML', 'npm xml2js：解析 XML', () => xml2js.parseString(body, { trim: true }, () => {})),
  ]
}
