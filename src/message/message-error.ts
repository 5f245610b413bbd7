import { WeixinError } from '../errors.ts'

/** What is wrong with an element. */
export type MessageFault = 'missing' | 'repeated' | 'nested'

const PHRASES: Readonly<Record<MessageFault, readonly [en: string, zh: string]>> = {
  missing: ['is missing or empty', '缺失或为空'],
  repeated: ['occurs more than once', '重复出现'],
  nested: ['holds other elements where text is expected', '应为文本，却包含其他元素'],
}

/**
 * A document that is well-formed but cannot be a message: the answer to it is HTTP 400. `element` is the name of the
 * element that is wrong, as WeChat prints it.
 */
export class MessageError extends WeixinError {
  override name = 'MessageError'
  readonly reason: MessageFault
  readonly element: string

  constructor(reason: MessageFault, element: string) {
    const [en, zh] = PHRASES[reason]
    super({ en: `the message's element ${element} ${en}`, zh: `消息的 ${element} 元素${zh}` })
    this.reason = reason
    this.element = element
  }
}
