import type { Bilingual } from '../errors.ts'
import { reasons } from './reasons.ts'

const KINDS: Readonly<Record<string, Bilingual>> = {
  text: { en: 'text', zh: '文本' },
  image: { en: 'picture', zh: '图片' },
  voice: { en: 'voice', zh: '语音' },
  video: { en: 'video', zh: '视频' },
  shortvideo: { en: 'short video', zh: '小视频' },
  location: { en: 'location', zh: '位置' },
  link: { en: 'link', zh: '链接' },
  file: { en: 'file', zh: '文件' },
  unknown: { en: 'unknown', zh: '未知类型' },
  'event:subscribe': { en: 'follows', zh: '关注' },
  'event:unsubscribe': { en: 'unfollows', zh: '取消关注' },
  'event:SCAN': { en: 'scans a code', zh: '扫码' },
  'event:CLICK': { en: 'menu button', zh: '点击菜单' },
  'event:VIEW': { en: 'menu link', zh: '菜单跳转' },
  'event:LOCATION': { en: 'reports position', zh: '上报位置' },
  'event:TEMPLATESENDJOBFINISH': { en: 'template message sent', zh: '模板消息送达' },
  'event:MASSSENDJOBFINISH': { en: 'broadcast sent', zh: '群发结果' },
}

/** What a kind of message is, for a reader; undefined when its own name has to do. */
export function kindName(kind: string): Bilingual | undefined {
  return KINDS[kind]
}

/** What a reason of refusal means, and what to do; undefined of one that only the log explains. */
export function reasonText(reason: string): Bilingual | undefined {
  const found = reasons.find(each => each.reason === reason)
  const withoutCode = (text: string) => text.replace(/^-\d+(: |：)/, '')
  return found && { en: withoutCode(found.en), zh: withoutCode(found.zh) }
}

export const DETOURS: Readonly<Record<string, Bilingual>> = {
  later: {
    en: 'told to wait; the answer follows as a customer-service message',
    zh: '先请用户稍候，随后以客服消息发送回复',
  },
  thinking: { en: 'told that whatever is written next fetches the answer', zh: '提示用户再发一条消息以取回回复' },
  kept: { en: 'the answer to an earlier message was fetched', zh: '取回了之前消息的回复' },
}
