import { type Bilingual, WeixinError } from '../errors.ts'

/** Why a document is refused; short enough for a log line. */
export type XmlFault = 'not-utf8' | 'prolog' | 'declaration' | 'malformed' | 'attributes' | 'too-deep' | 'too-many'

const SENTENCES: Readonly<Record<XmlFault, Bilingual>> = {
  'not-utf8': { en: 'the body is not UTF-8', zh: '请求正文不是 UTF-8 编码' },
  prolog: {
    en: 'the body does not begin with <xml>, after an XML declaration and comments at most',
    zh: '请求正文不是以 <xml> 开头（之前只允许有 XML 声明及其后的注释）',
  },
  declaration: {
    en: 'the body has a DOCTYPE or another markup declaration, which WeChat never sends',
    zh: '请求正文含有 DOCTYPE 或其他标记声明，微信从不发送这类内容',
  },
  malformed: {
    en: 'the body is not one well-formed XML document, or names an element like a built-in of JavaScript',
    zh: '请求正文不是一个格式正确的 XML 文档，或者有元素与 JavaScript 的内置名称相同',
  },
  attributes: { en: 'an element has attributes, which WeChat never sends', zh: '有元素带有属性，微信从不发送属性' },
  'too-deep': { en: 'elements are nested more than 8 deep', zh: '元素嵌套超过 8 层' },
  'too-many': { en: 'the body has more than 1000 elements', zh: '请求正文的元素超过 1000 个' },
}

/** A body that is refused before anything in it is believed. The answer to it is HTTP 400. */
export class XmlError extends WeixinError {
  override name = 'XmlError'
  readonly reason: XmlFault

  constructor(reason: XmlFault) {
    super(SENTENCES[reason])
    this.reason = reason
  }
}
