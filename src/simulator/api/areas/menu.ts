import { BUTTONS_WITH_KEY } from '../../menu-buttons.ts'
import type { Account } from '../account.ts'
import { isObject, textOf } from '../fields.ts'
import { refuse } from '../refusal.ts'
import { type Asked, type JsonObject, OK, type Routes } from '../route.ts'

type Button = JsonObject

/** "Custom menu". */
export const menuRoutes: Routes = {
  'POST /cgi-bin/menu/create': {
    perDay: 1000,
    answer(asked, account) {
      refuseEscapes(asked)
      account.menus.button = checkButtons(asked.body['button'], TOP)
      account.menuChanged()
      return OK
    },
  },
  'GET /cgi-bin/menu/get': {
    perDay: 10_000,
    answer: (_, account) => menusOf(account) ?? refuse(46003),
  },
  'GET /cgi-bin/menu/delete': {
    perDay: 1000,
    answer(_, { menus, menuChanged }) {
      menus.button = undefined
      menus.conditional.clear()
      menuChanged()
      return OK
    },
  },
  'GET /cgi-bin/get_current_selfmenu_info': {
    answer(_, { menus: { button } }) {
      if (!button) return { is_menu_open: 0, selfmenu_info: { button: [] } }
      return { is_menu_open: 1, selfmenu_info: { button: button.map(asOnWebsite) } }
    },
  },
  'POST /cgi-bin/menu/addconditional': {
    perDay: 2000,
    answer(asked, account) {
      refuseEscapes(asked)
      return { menuid: addConditional(asked.body, account) }
    },
  },
  'POST /cgi-bin/menu/delconditional': {
    perDay: 2000,
    answer({ body }, { menus, menuChanged }) {
      if (!menus.conditional.delete(String(body['menuid'] ?? ''))) refuse(65301)
      menuChanged()
      return OK
    },
  },
  'POST /cgi-bin/menu/trymatch': {
    perDay: 20_000,
    answer({ body }, account) {
      const openid = textOf(body, 'user_id', 65302)
      if (!account.followers.find(openid)) refuse(65302)
      return { button: menuFor(openid, account).map(withSubButtons) }
    },
  },
}

/**
 * Publishes a menu file as `menu/create` and `menu/addconditional` would.
 *
 * @throws {ApiRefusal}
 */
export function publishMenu(file: unknown, account: Account): void {
  const { button, conditionalmenu = [] } = isObject(file) ? file : refuse(40016)
  account.menus.button = checkButtons(button, TOP)
  for (const each of Array.isArray(conditionalmenu) ? conditionalmenu : []) {
    addConditional(isObject(each) ? each : refuse(65304), account)
  }
}

/** As `menu/get` answers; undefined when there is none. */
export function menusOf({ menus: { button, conditional } }: Account): JsonObject | undefined {
  if (!button) return undefined
  if (conditional.size === 0) return { menu: { button: button.map(withSubButtons) } }
  const conditionalmenu = [...conditional].map(([menuid, each]) => ({
    button: each.button.map(withSubButtons),
    matchrule: each.matchrule,
    menuid: BigInt(menuid),
  }))
  return {
    menu: { button: button.map(withSubButtons), menuid: FIRST_MENU_ID },
    conditionalmenu: conditionalmenu.reverse(),
  }
}

/** The buttons that a follower sees: the newest conditional menu that fits wins. */
export function menuFor(openid: string, { menus, followers }: Account): readonly Button[] {
  const tags = followers.find(openid)?.tags ?? new Set()
  const fits = ({ matchrule }: { readonly matchrule: JsonObject }) => {
    const tag = matchrule['tag_id']
    const platform = matchrule['client_platform_type']
    return (!tag || tags.has(Number(tag))) && (!platform || String(platform) === PLATFORM)
  }
  return [...menus.conditional.values()].reverse().find(fits)?.button ?? menus.button ?? []
}

/** Every follower of the simulator has an Android phone. */
const PLATFORM = '2'
const FIRST_MENU_ID = 208_396_938n

function addConditional({ button, matchrule }: JsonObject, account: Account): string {
  const { menus } = account
  if (!menus.button) refuse(65303)
  if (!isObject(matchrule) || !Object.values(matchrule).some(Boolean)) refuse(65304)
  const menuid = String(account.newNumber())
  menus.conditional.set(menuid, { button: checkButtons(button, TOP), matchrule })
  account.menuChanged()
  return menuid
}

/** What the limits of a level are, and the errcodes when they are exceeded. */
interface Level {
  readonly most: number
  readonly nameBytes: number
  readonly count: number
  readonly type: number
  readonly name: number
  readonly key: number
  readonly url: number
  readonly domain: number
}

const TOP: Level = {
  most: 3,
  nameBytes: 16,
  count: 40016,
  type: 40017,
  name: 40018,
  key: 40019,
  url: 40020,
  domain: 40054,
}
const SUB: Level = {
  most: 5,
  nameBytes: 60,
  count: 40023,
  type: 40024,
  name: 40025,
  key: 40026,
  url: 40027,
  domain: 40055,
}

const WITH_URL = ['view', 'miniprogram']
const WITH_ID = ['media_id', 'view_limited', 'article_id', 'article_view_limited']

function checkButtons(buttons: unknown, level: Level): readonly Button[] {
  if (!Array.isArray(buttons) || buttons.length < 1 || buttons.length > level.most) refuse(level.count)
  return buttons.map(each => checkButton(isObject(each) ? each : refuse(level.type), level))
}

function checkButton(button: Button, level: Level): Button {
  const bytes = Buffer.byteLength(textOf(button, 'name', level.name))
  if (bytes > level.nameBytes) refuse(level.name)
  const below = button['sub_button']
  if (Array.isArray(below) && below.length > 0) {
    if (level === SUB) refuse(40022)
    return { ...button, sub_button: checkButtons(below, SUB) }
  }
  const type = textOf(button, 'type', level.type)
  if (BUTTONS_WITH_KEY.includes(type)) checkLength(textOf(button, 'key', level.key), 128, level.key)
  else if (WITH_URL.includes(type)) checkUrl(textOf(button, 'url', level.url), level)
  else if (!WITH_ID.includes(type)) refuse(level.type)
  return button
}

function checkUrl(url: string, level: Level): void {
  checkLength(url, 1024, level.url)
  if (!/^https?:\/\//i.test(url)) refuse(level.domain)
}

function checkLength(text: string, bytes: number, errcode: number): void {
  if (Buffer.byteLength(text) > bytes) refuse(errcode)
}

/** @throws {ApiRefusal} 40033: WeChat wants the characters themselves */
export function refuseEscapes({ raw }: Asked): void {
  if (/\\u[\da-f]{4}/i.test(raw)) refuse(40033)
}

function withSubButtons(button: Button): Button {
  const below = button['sub_button']
  return { ...button, sub_button: Array.isArray(below) ? below.map(withSubButtons) : [] }
}

function asOnWebsite(button: Button): Button {
  const { sub_button: below, ...rest } = button
  return Array.isArray(below) && below.length > 0 ? { ...rest, sub_button: { list: below } } : rest
}
