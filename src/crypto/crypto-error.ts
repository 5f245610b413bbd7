import { type Bilingual, WeixinError } from '../errors.ts'

/**
 * The codes of WeChat's own sample programs ("message encryption" documentation). They never travel: whoever sent the
 * request gets the same 403 for all of them, and the log gets the code and the sentence. Two of the codes are not here,
 * because nothing in this program can fail in their way: -40003 (SHA-1) and -40009 (base64 encoding).
 */
const FAULTS = {
  [-40001]: {
    en: 'the signature does not match; enter in weixin.config.json the Token that the console shows, and look for a proxy that changes the query string',
    zh: '签名校验失败；请检查配置中的 Token 与公众平台后台填写的一致，并确认没有代理改写请求参数',
  },
  [-40002]: {
    en: 'the XML cannot be read, or has no Encrypt element; set the same message mode here and in the console',
    zh: 'XML 解析失败，或缺少 Encrypt 元素；请检查消息加解密方式与后台一致',
  },
  [-40004]: {
    en: 'the EncodingAESKey is not valid; it has 43 characters out of A-Z, a-z, 0-9: copy it from the console again',
    zh: 'EncodingAESKey 不合法；应为 43 个字母或数字，请从后台重新复制',
  },
  [-40005]: {
    en: 'the message is for another AppID; set the AppID of the account whose console points at this URL (a test account has one of its own)',
    zh: 'AppID 校验失败，消息属于另一个公众号；请填写后台所示的 AppID（测试号有单独的 AppID）',
  },
  [-40006]: {
    en: 'AES encryption failed; check that this Node offers aes-256-cbc and that the key has 32 bytes',
    zh: 'AES 加密失败；请检查当前 Node 是否支持 aes-256-cbc，且密钥为 32 字节',
  },
  [-40007]: {
    en: 'the message could not be decrypted; enter the EncodingAESKey that the console shows, and after a change the one of before as the previous key',
    zh: 'AES 解密失败；请检查 EncodingAESKey 与后台一致，更换密钥后请把旧密钥填为上一个密钥',
  },
  [-40008]: {
    en: 'the decrypted message is malformed: its lengths do not add up; whoever sent it knows the key and is not WeChat, or the EncodingAESKey is wrong',
    zh: '解密后得到的内容不合法，长度不符；请检查 EncodingAESKey，并确认请求来自微信',
  },
  [-40010]: {
    en: 'the Encrypt text is not base64, or is too long; look for a proxy that changes the body',
    zh: 'Base64 解码失败，或 Encrypt 过长；请确认没有代理改写请求正文',
  },
  [-40011]: {
    en: 'the reply XML could not be built: TimeStamp and Nonce must be what they are in the request',
    zh: '生成回复 XML 失败：TimeStamp 和 Nonce 的格式不正确',
  },
} as const satisfies Readonly<Record<number, Bilingual>>

/** One of WeChat's codes, -40001 to -40011 but for -40003 and -40009. */
export type CryptoCode = keyof typeof FAULTS

/** A signature or an encrypted message that is not right: `code` says in which way, the sentence what to do. */
export class CryptoError extends WeixinError {
  override name = 'CryptoError'
  readonly code: CryptoCode

  constructor(code: CryptoCode, options?: ErrorOptions) {
    const { en, zh } = FAULTS[code]
    super({ en: `${code}: ${en}`, zh: `${code}：${zh}` }, options)
    this.code = code
  }
}
