import type { Line, NoticeContent } from './state.ts'

/** A line of which only what it shows is known. */
export type Shown = Pick<Line, 'from' | 'content'>

/** What following and leaving leave in the chat. */
export const FOLLOWED = notice('You follow this account', '你已关注该公众号')
export const LEFT = notice('You have left this account', '你已取消关注')

/** A code of the account was scanned. */
export function scanned(scene: string): Shown {
  return notice(`QR code ${scene}`, `扫描二维码 ${scene}`)
}

/** The follower's position was reported. */
export function positionAt(latitude: string, longitude: string): Shown {
  return notice(`position: ${latitude}, ${longitude}`, `上报位置：${latitude}, ${longitude}`)
}

/** @param button its name, or its key where nothing else is known */
export function menuTapped(button: string): Shown {
  return notice(`menu: ${button}`, `菜单：${button}`)
}

/** A grey line for what is no message of the follower's own. */
export function notice(en: string, zh: string): Shown {
  const content: NoticeContent = { type: 'notice', text: { en, zh } }
  return { from: 'notice', content }
}
