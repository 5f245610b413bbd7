import type { IncomingMessage } from './types.ts'

const PLACEHOLDER = '【收到不支持的消息类型，暂无法显示】'

/**
 * Whether the platform put its fixed sentence in place of something that it does not forward, a sticker for example:
 * the follower has not written this text.
 */
export function isUnsupportedPlaceholder(message: IncomingMessage): boolean {
  return message.MsgType === 'text' && message.Content === PLACEHOLDER
}
