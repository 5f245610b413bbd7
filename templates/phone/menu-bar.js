import { choosePicture } from './choose-picture.js'
import { choosePlace } from './choose-place.js'
import { h } from './dom.js'
import { icon } from './icons.js'
import { scanCode } from './scan.js'
import { upload } from './server.js'
import { openSheet } from './sheet.js'
import { outside } from './text.js'
import { toast } from './toast.js'
import { word } from './words.js'

/**
 * @typedef {import('./state.js').PhoneState} PhoneState
 * @typedef {import('./actions.js').FollowerActions} FollowerActions
 * @typedef {import('../../src/simulator/phone/state.ts').MenuButton} MenuButton
 */

/**
 * The account's menu: up to three buttons, some of which open up to five above them.
 *
 * @param {PhoneState} state
 * @param {FollowerActions} actions
 * @param {() => void} toKeyboard
 */
export function menuBar(state, actions, toKeyboard) {
  const buttons = h('ul', { class: 'menu__buttons' })
  const keyboard = h(
    'button',
    {
      type: 'button',
      class: 'round',
      'aria-label': word('toKeyboard'),
      title: word('toKeyboard'),
      onclick: toKeyboard,
    },
    icon('keyboard'),
  )
  const element = h('nav', { class: 'menu', 'aria-label': word('menu') }, keyboard, buttons)
  const current = () => state.menus[state.openid] ?? []
  const closeAll = () => {
    for (const open of buttons.querySelectorAll('[aria-expanded=true]')) open.setAttribute('aria-expanded', 'false')
  }

  /** @param {MenuButton} button @param {number} index */
  const topButton = (button, index) => {
    const { sub_button: below = [] } = button
    if (below.length === 0) return plainButton(button, () => tapped(button, [index], actions))
    return h(
      'li',
      {},
      ...expandable(
        button.name,
        closeAll,
        below.map((each, number) => subButton(each, [index, number])),
      ),
    )
  }
  /** @param {MenuButton} button @param {readonly number[]} path */
  const subButton = (button, path) =>
    plainButton(button, () => {
      closeAll()
      tapped(button, path, actions)
    })
  element.addEventListener('keydown', event => event.key === 'Escape' && closeAll())
  document.addEventListener('click', event => !element.contains(/** @type {Node} */ (event.target)) && closeAll())
  return {
    element,
    size: () => current().length,
    update: () => buttons.replaceChildren(...current().map(topButton)),
  }
}

/**
 * @param {MenuButton} button
 * @param {() => void} onclick
 */
function plainButton({ name }, onclick) {
  return h('li', {}, h('button', { type: 'button', class: 'menu__button', onclick }, name))
}

/**
 * A button that opens others, and these.
 *
 * @param {string} name
 * @param {() => void} closeAll
 * @param {readonly Node[]} items
 */
function expandable(name, closeAll, items) {
  const onclick = () => {
    const open = toggle.getAttribute('aria-expanded') === 'true'
    closeAll()
    toggle.setAttribute('aria-expanded', String(!open))
  }
  const attributes = { type: 'button', class: 'menu__button menu__button_more', 'aria-expanded': 'false', onclick }
  const toggle = h('button', attributes, name)
  return [toggle, h('ul', { class: 'menu__sub' }, ...items)]
}

/**
 * What WeChat's client does before, or instead of, telling the account of a tap.
 *
 * @param {MenuButton} button
 * @param {readonly number[]} path
 * @param {FollowerActions} actions
 */
function tapped(button, path, actions) {
  const tell = (/** @type {object} */ given = {}) => actions.menu(path, given)
  switch (button.type) {
    case 'scancode_push':
    case 'scancode_waitmsg':
      return scanCode(code => {
        if (button.type === 'scancode_waitmsg') toast(word('receiving'))
        tell({ code })
        if (button.type === 'scancode_push' && /^https?:/i.test(code.result)) showPage(code.result)
      })
    case 'pic_sysphoto':
    case 'pic_photo_or_album':
    case 'pic_weixin':
      return choosePicture(async picture => tell({ pictures: [await upload('image', picture)] }))
    case 'location_select':
      return choosePlace({ send: place => tell({ place }) })
    case 'view':
      tell()
      return showPage(button.url ?? '')
    case 'miniprogram':
      tell()
      return openSheet(word('miniProgram'), () => [
        h('p', { class: 'sheet__note' }, h('code', {}, button.pagepath ?? '')),
      ])
    default:
      return tell()
  }
}

/** @param {string} url */
function showPage(url) {
  const link = outside(url, word('openPage'))
  link.className = 'primary'
  openSheet(word('webPage'), () => [
    h('p', { class: 'sheet__note' }, h('code', {}, url)),
    /^https?:/i.test(url) && link,
  ])
}
