import { ApiError } from '../../client/api-error.ts'
import { withApis } from '../api.ts'
import { type Check, ok, skipped } from '../check.ts'
import { OFFLINE } from './reach.ts'

const NO_MENU = 46003
const NOT_PERMITTED = 48001

/** Whether followers see a menu: WeChat's console switches off its own when a server is connected. */
export const menu: Check = {
  name: 'menu',
  title: { en: 'menu', zh: '自定义菜单' },
  needs: ['token'],
  async look(patient) {
    if (patient.wanted.offline) return skipped(OFFLINE)
    return withApis(patient, async ({ client }) => {
      try {
        const { menu: found } = await client.menu.get()
        const count = found?.button?.length ?? 0
        return ok({ en: `${count} buttons`, zh: `${count} 个一级菜单` })
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        if (error.errcode === NO_MENU)
          return ok({ en: 'none; weixin menu push makes one', zh: '没有；可用 weixin menu push 创建' })
        if (error.errcode === NOT_PERMITTED)
          return skipped({ en: 'this account has none by API', zh: '该账号没有菜单接口权限' })
        throw error
      }
    })
  },
}
