import { type Check, failure, ok, skipped, warning } from '../check.ts'
import { hostOf } from './reach.ts'

const MINUTE = 60_000
const DAY = 86_400_000

export const CORRECT_CLOCK = {
  en: 'timedatectl set-ntp true; on Windows w32tm /resync',
  zh: '请执行 timedatectl set-ntp true；Windows 用 w32tm /resync',
}

/** This machine's clock, against WeChat's, or at least against the time of the build. */
export const clock: Check = {
  name: 'clock',
  title: { en: 'clock', zh: '系统时钟' },
  needs: ['config'],
  async look(patient) {
    const { apiBase, proxy, replayWindow } = await patient.config()
    const built = patient.changed(patient.machine.path.join(patient.directory, 'dist', 'responder.cjs')) ?? 0
    if (patient.now() < built - DAY) {
      return failure({ en: 'it is before the day of the build', zh: '当前时间早于构建时间' }, CORRECT_CLOCK)
    }
    if (patient.wanted.offline || proxy !== undefined) {
      return skipped({ en: 'nothing to compare it with', zh: '没有可比较的时间来源' })
    }
    // A wrong clock makes every certificate look wrong, so this request believes any.
    const answer = await patient.ask({ url: new URL('/', apiBase), method: 'HEAD' })
    const date = typeof answer === 'string' ? Number.NaN : Date.parse(answer.headers.date ?? '')
    if (Number.isNaN(date))
      return skipped({ en: `${hostOf(apiBase)} does not say the time`, zh: `${hostOf(apiBase)} 没有给出时间` })
    const apart = Math.abs(date - patient.now())
    const minutes = Math.round(apart / MINUTE)
    const seconds = Math.round(apart / 1000)
    if (replayWindow > 0 && apart > replayWindow * 1000) {
      return failure(
        {
          en: `it is ${minutes} minutes wrong: every message of WeChat is refused as too old`,
          zh: `时钟相差 ${minutes} 分钟：微信的所有消息都会被当作过期消息拒绝`,
        },
        CORRECT_CLOCK,
      )
    }
    if (apart > MINUTE) {
      return warning({ en: `it is ${seconds} s wrong`, zh: `时钟相差 ${seconds} 秒` }, CORRECT_CLOCK)
    }
    return ok({ en: `right within ${Math.max(1, seconds)} s`, zh: `误差在 ${Math.max(1, seconds)} 秒以内` })
  },
}
