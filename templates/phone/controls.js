import { attempt } from './actions.js'
import { h } from './dom.js'
import { icon } from './icons.js'
import { ask } from './server.js'
import { toast } from './toast.js'
import { word } from './words.js'

/** @typedef {import('./state.js').PhoneState} PhoneState */

const MODES = /** @type {const} */ (['plain', 'compatible', 'safe'])
const TROUBLES = /** @type {const} */ (['slow-network', 'wrong-signature', 'replay', 'duplicate', 'garbage'])
const API_ERRORS = /** @type {const} */ ([40001, 42001, 45009, '-1', 40164])

/**
 * What WeChat, or somebody on the way, does: the mode, the access check, trouble on demand.
 *
 * @param {PhoneState} state
 */
export function controls(state) {
  return h(
    'section',
    { class: 'controls', 'aria-label': word('controls') },
    h(
      'div',
      { class: 'controls__row' },
      h('span', { class: 'controls__label' }, word('mode')),
      modeSwitch(state),
      h(
        'button',
        { type: 'button', class: 'tool controls__end', onclick: () => attempt(() => ask('access-check')) },
        icon('shield'),
        word('accessCheck'),
      ),
    ),
    h(
      'div',
      { class: 'controls__row' },
      h('span', { class: 'controls__label' }, word('trouble')),
      ...TROUBLES.map(trouble =>
        h(
          'button',
          {
            type: 'button',
            class: 'tool',
            onclick: () => attempt(() => ask('trouble', { openid: state.openid, trouble })),
          },
          word(trouble),
        ),
      ),
    ),
    h('div', { class: 'controls__row' }, apiErrors(state), replayFile()),
  )
}

/** @param {PhoneState} state */
function modeSwitch(state) {
  const inputs = MODES.map(mode =>
    h('input', { type: 'radio', name: 'mode', value: mode, onchange: () => attempt(() => ask('mode', { mode })) }),
  )
  state.on(['begin', 'mode'], () => {
    for (const input of inputs) {
      input.checked = input.value === state.mode
      input.disabled = !state.modes.some(mode => mode === input.value)
    }
  })
  const labels = inputs.map(input =>
    h('label', {}, input, h('span', {}, word(/** @type {typeof MODES[number]} */ (input.value)))),
  )
  return h('span', { class: 'choice', role: 'radiogroup', 'aria-label': word('mode') }, ...labels)
}

/** @param {PhoneState} state */
function apiErrors(state) {
  const choice = h(
    'select',
    { class: 'select', id: 'api-errors' },
    h('option', { value: '' }, word('apiWorks')),
    ...API_ERRORS.map(errcode => h('option', { value: errcode }, word(errcode))),
    h('option', { value: 'stall' }, word('stall')),
  )
  const times = h(
    'select',
    { class: 'select', 'aria-label': word('howOften') },
    h('option', { value: '1' }, word('apiOnce')),
    h('option', { value: '' }, word('apiAlways')),
  )
  const change = () => {
    times.hidden = choice.value === ''
    const trouble = choice.value === 'stall' ? 'stall' : Number(choice.value)
    attempt(() =>
      ask('api-trouble', choice.value === '' ? {} : { trouble, ...(times.value && { times: Number(times.value) }) }),
    )
  }
  choice.addEventListener('change', change)
  times.addEventListener('change', change)
  state.on(['begin', 'apiTrouble'], () => {
    choice.value = String(state.apiTrouble?.trouble ?? '')
    times.value = String(state.apiTrouble?.times ?? '')
    times.hidden = choice.value === ''
    if (choice.value === '') times.value = '1'
  })
  return h(
    'span',
    { class: 'controls__group' },
    h('label', { class: 'controls__label', for: 'api-errors' }, word('apiErrors')),
    choice,
    times,
  )
}

/** Messages that were saved as fixtures, one or a list of them, go out again. */
function replayFile() {
  const change = async (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget)
    const [file] = input.files ?? []
    if (!file) return
    const text = await file.text()
    input.value = ''
    await attempt(async () => {
      const { count } = await ask('recording', { text })
      toast(`${word('replaying')}: ${count}`)
    })
  }
  return h(
    'label',
    { class: 'tool controls__end file_tool' },
    icon('redo'),
    word('replayFile'),
    h('input', { type: 'file', class: 'unseen', accept: '.json,.jsonl,.xml', onchange: change }),
  )
}
