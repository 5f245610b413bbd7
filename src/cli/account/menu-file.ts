import { ArgumentError } from '../../client/argument-error.ts'
import type { Endpoint } from '../../client/endpoint.ts'
import { menu } from '../../client/endpoints/menu.ts'
import { placeParameters } from '../../client/parameters.ts'
import { fieldsFor, type Schema } from '../../client/schema.ts'
import { type Bilingual, UsageError } from '../../errors.ts'

/** One button, whatever its type says that it has. */
export type Button = Readonly<Record<string, unknown>> & { readonly sub_button?: readonly Button[] }

/** A menu that some followers see in the place of the one for everybody. */
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

const { button: BUTTONS, matchrule: MATCH_RULE } = menu.addConditional.params
const [BUTTON] = BUTTONS
const [SUB_BUTTON] = BUTTON['type|'][''].sub_button
const CONDITIONAL: Schema = { button: BUTTONS, matchrule: MATCH_RULE }

const ADDRESS: Bilingual = {
  en: 'must be an address that begins with http:// or https://',
  zh: '必须是以 http:// 或 https:// 开头的网址',
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
    const [en, zh] = unknown === undefined ? ['', ''] : [`, and not "${unknown}"`, `，没有 "${unknown}"`]
    throw new UsageError({
      en: `a menu file holds { "button": […], "conditionalmenu": [{ "button": […], "matchrule": {…} }] }${en}; the latter may be left out`,
      zh: `菜单文件的格式为 { "button": […], "conditionalmenu": [{ "button": […], "matchrule": {…} }] }${zh}；其中 conditionalmenu 可省略`,
    })
  }
  return { button, conditionalmenu: conditionalmenu.map(asConditional) }
}

function asConditional(value: unknown): ConditionalMenu {
  const { button, matchrule, ...others } = asObject(value)
  return { ...others, button: Array.isArray(button) ? button : [], matchrule: asObject(matchrule) }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function conditionalMistakes(conditional: ConditionalMenu, index: number): Bilingual[] {
  const place = `conditionalmenu[${index}].`
  const { button, matchrule } = conditional
  const { tag_id, client_platform_type: platform } = matchrule
  const mistakes = [
    ...refusals(place, menu.addConditional, { button, matchrule }),
    ...unknownKeys(place, { ...conditional }, CONDITIONAL),
    ...unknownKeys(`${place}matchrule.`, matchrule, MATCH_RULE),
    ...buttonMistakes(place, button),
  ]
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
    const own = fieldMistakes(at, button, BUTTON)
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
  return [...fieldMistakes(at, button, SUB_BUTTON), ...(nested ? [tooDeep] : [])]
}

/** The buttons below one, whatever it holds. */
export function subButtonsOf(button: Button): readonly Button[] {
  const { sub_button: below } = asObject(button)
  return Array.isArray(below) ? below : []
}

function fieldMistakes(at: string, value: Button, schema: Schema): Bilingual[] {
  const button = asObject(value)
  const empty = Object.keys(button).filter(name => button[name] === '')
  const { url } = button
  const isAddress = typeof url !== 'string' || url === '' || (/^https?:\/\//i.test(url) && URL.canParse(url))
  return [
    ...empty.map(name => ({ en: `${at}.${name} is empty`, zh: `${at}.${name} 是空的` })),
    ...(isTypeKnown(button) ? unknownKeys(`${at}.`, button, schema) : []),
    ...(isAddress ? [] : [{ en: `${at}.url ${ADDRESS.en}`, zh: `${at}.url ${ADDRESS.zh}` }]),
  ]
}

/** A key that WeChat does not know does nothing: it is a slip of the pen. One of another type of button is as well. */
function unknownKeys(place: string, value: Readonly<Record<string, unknown>>, schema: Schema): Bilingual[] {
  const permitted = namesFor(schema, value)
  return Object.keys(value)
    .filter(name => !permitted.includes(name) && name !== 'sub_button')
    .map(name => ({
      en: `${place}${name} is not known here; permitted: ${permitted.join(', ')}`,
      zh: `${place}${name} 不是这里可用的键；可用：${permitted.join('、')}`,
    }))
}

function isTypeKnown({ type = '' }: Readonly<Record<string, unknown>>): boolean {
  return typeof type === 'string' && Object.hasOwn(BUTTON['type|'], type)
}

function namesFor(schema: Schema, value: Readonly<Record<string, unknown>>): string[] {
  return fieldsFor(schema, value).map(({ name }) => name)
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

/**
 * A menu as WeChat gives it, in the words in which WeChat takes it: `menu/get` has empty `sub_button`s, the older
 * `group_id` in the place of `tag_id`, and rules that no longer count (sex, region, language).
 *
 * @returns undefined for a menu with none but such rules: nobody sees it
 */
export function conditionalAsFile(given: { readonly button?: unknown; readonly matchrule?: unknown }) {
  const { tag_id, group_id, client_platform_type } = asObject(given.matchrule)
  const rules = Object.entries({ tag_id: tag_id || group_id, client_platform_type })
  const matchrule = Object.fromEntries(rules.filter(([, rule]) => rule).map(([name, rule]) => [name, String(rule)]))
  return Object.keys(matchrule).length > 0 ? { button: buttonsAsFile(given.button), matchrule } : undefined
}

/** The same for buttons. */
export function buttonsAsFile(given: unknown): Button[] {
  if (!Array.isArray(given)) return []
  return given.map(asObject).map((each: Button) => {
    const below = subButtonsOf(each)
    const permitted = isTypeKnown(each) ? namesFor(BUTTON, each) : Object.keys(each)
    const own = Object.entries(each).filter(([name, value]) => permitted.includes(name) && value !== '')
    const { sub_button: _, ...button } = Object.fromEntries(own)
    return below.length > 0 ? { ...button, sub_button: buttonsAsFile(below) } : button
  })
}
