import { ArgumentError } from '../client/argument-error.ts'
import type { Endpoint } from '../client/endpoint.ts'
import { menu } from '../client/endpoints/menu.ts'
import { placeParameters } from '../client/parameters.ts'
import { type Bilingual, UsageError } from '../errors.ts'

/** One button, whatever its type says that it has. */
export type Button = Readonly<Record<string, unknown>> & { readonly sub_button?: readonly Button[] }

export interface ConditionalMenu {
  readonly button: readonly Button[]
  /** Who sees it: `tag_id`, `client_platform_type`. */
  readonly matchrule: Readonly<Record<string, unknown>>
}

/** What `menu.json` holds: the menu that everybody sees, and those for some, in the words of WeChat's `menu/get`. */
export interface Menus {
  readonly button: readonly Button[]
  readonly conditionalmenu: readonly ConditionalMenu[]
}

/** WeChat refuses links to more domains than this in conditional menus (65316). */
const MOST_DOMAINS = 3

/**
 * Every mistake by which WeChat would refuse the file, one from each menu at least; none when it may be sent.
 *
 * @throws {UsageError} when it is not the shape of a menu file at all
 */
export function checkMenus(value: unknown): { menus: Menus; mistakes: readonly Bilingual[] } {
  const menus = menusIn(value)
  const mistakes = [
    ...refusals('', menu.create, { button: menus.button }),
    ...buttonMistakes('', menus.button),
    ...menus.conditionalmenu.flatMap((conditional, index) => conditionalMistakes(conditional, index)),
    ...domainMistakes(menus.conditionalmenu),
  ]
  return { menus, mistakes }
}

function menusIn(value: unknown): Menus {
  const { button, conditionalmenu = [], ...others } = asObject(value)
  const [unknown] = Object.keys(others)
  if (!Array.isArray(button) || !Array.isArray(conditionalmenu) || unknown !== undefined) {
    throw new UsageError({
      en: 'a menu file holds { "button": […], "conditionalmenu": [{ "button": […], "matchrule": {…} }] }; the latter may be left out',
      zh: '菜单文件的格式为 { "button": […], "conditionalmenu": [{ "button": […], "matchrule": {…} }] }，其中 conditionalmenu 可省略',
    })
  }
  return { button, conditionalmenu: conditionalmenu.map(asConditional) }
}

function asConditional(value: unknown): ConditionalMenu {
  const { button, matchrule } = asObject(value)
  return { button: Array.isArray(button) ? button : [], matchrule: asObject(matchrule) }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function conditionalMistakes({ button, matchrule }: ConditionalMenu, index: number): Bilingual[] {
  const place = `conditionalmenu[${index}].`
  const { tag_id, client_platform_type: platform } = matchrule
  const mistakes = [...refusals(place, menu.addConditional, { button, matchrule }), ...buttonMistakes(place, button)]
  if (!tag_id && !platform) {
    mistakes.push({
      en: `${place}matchrule needs "tag_id" or "client_platform_type", or nobody would see this menu`,
      zh: `${place}matchrule 至少要有 "tag_id" 或 "client_platform_type"，否则没有人能看到该菜单`,
    })
  }
  if (platform && !/^[123]$/.test(String(platform))) {
    mistakes.push({
      en: `${place}matchrule.client_platform_type must be 1 (iOS), 2 (Android) or 3 (other)`,
      zh: `${place}matchrule.client_platform_type 必须是 1（iOS）、2（Android）或 3（其他）`,
    })
  }
  return mistakes
}

/** What the tables of the API say of it. */
function refusals(place: string, endpoint: Endpoint, parameters: unknown): Bilingual[] {
  try {
    placeParameters(endpoint, parameters, {})
    return []
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error
    // The call is not made yet: where it stands in the file says more.
    return [{ en: place + afterCall(error.message, ': '), zh: place + afterCall(error.zh, '：') }]
  }
}

function afterCall(sentence: string, colon: string): string {
  return sentence.slice(sentence.indexOf(colon) + colon.length)
}

/** Limits that the tables cannot say. */
function buttonMistakes(place: string, buttons: readonly Button[]): Bilingual[] {
  return buttons.flatMap((button, index) => {
    const at = `${place}button[${index}]`
    const below = subButtonsOf(button)
    const own = [...emptyFields(at, button)]
    if (below.length > 0 && asObject(button)['type'] !== undefined) {
      own.push({
        en: `${at} has both "type" and "sub_button": a button that opens others does nothing else`,
        zh: `${at} 同时有 "type" 和 "sub_button"：带子菜单的按钮不能再有动作`,
      })
    }
    return [...own, ...below.flatMap((each, number) => subButtonMistakes(`${at}.sub_button[${number}]`, each))]
  })
}

function subButtonMistakes(at: string, button: Button): Bilingual[] {
  const nested = subButtonsOf(button).length > 0
  const tooDeep = {
    en: `${at} has buttons below it: WeChat takes two levels`,
    zh: `${at} 下还有子按钮：微信只支持两级菜单`,
  }
  return [...emptyFields(at, button), ...(nested ? [tooDeep] : [])]
}

export function subButtonsOf(button: Button): readonly Button[] {
  const { sub_button: below } = asObject(button)
  return Array.isArray(below) ? below : []
}

function emptyFields(at: string, button: Button): Bilingual[] {
  return Object.entries(asObject(button))
    .filter(([, value]) => value === '')
    .map(([name]) => ({ en: `${at}.${name} is empty`, zh: `${at}.${name} 是空的` }))
}

function domainMistakes(menus: readonly ConditionalMenu[]): Bilingual[] {
  const buttons = menus.flatMap(({ button }) => button.flatMap(each => [each, ...subButtonsOf(each)]))
  const addresses = buttons.map(button => String(asObject(button)['url'])).filter(url => URL.canParse(url))
  const domains = [...new Set(addresses.map(url => new URL(url).hostname))]
  if (domains.length <= MOST_DOMAINS) return []
  return [
    {
      en: `conditionalmenu links to ${domains.length} domains (${domains.join(', ')}); WeChat takes at most ${MOST_DOMAINS}`,
      zh: `conditionalmenu 链接到 ${domains.length} 个域名（${domains.join('、')}）；微信最多接受 ${MOST_DOMAINS} 个`,
    },
  ]
}
