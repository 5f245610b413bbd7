import { followerActions } from './actions.js'
import { bench } from './bench.js'
import { h } from './dom.js'
import { followers } from './followers.js'
import { handset } from './handset.js'
import { listen } from './server.js'
import { PhoneState } from './state.js'
import { toast, toasts } from './toast.js'
import { language, say, switchLanguage, word } from './words.js'

const state = new PhoneState()
const beside = bench(state)
const phone = handset(state, followerActions(state), id => {
  look('bench')
  beside.show(id)
})

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
document.title = `${word('appTitle')} · weixin-cgi`

const target = h('code', { class: 'top__target' })
const gone = h('p', { class: 'gone', role: 'alert', hidden: true }, word('gone'))
state.on(['begin'], () => {
  target.textContent = state.target
  gone.hidden = true
})
state.on(['gone'], () => {
  gone.hidden = false
})

/** On a narrow screen one of the two is seen. */
const views = /** @type {const} */ (['phone', 'bench']).map(view => {
  const input = h('input', { type: 'radio', name: 'view', value: view, onchange: () => look(view) })
  return { view, input, label: h('label', {}, input, h('span', {}, word(view))) }
})

/** @param {'phone' | 'bench'} chosen */
function look(chosen) {
  document.body.dataset['view'] = chosen
  for (const { view, input } of views) input.checked = view === chosen
}

document.body.append(
  h(
    'header',
    { class: 'top' },
    h('img', { class: 'top__logo', src: 'icon.svg', alt: '' }),
    h('div', { class: 'top__words' }, h('h1', {}, word('appTitle')), h('p', {}, `${word('target')} `, target)),
    followers(state),
    h(
      'button',
      {
        type: 'button',
        class: 'tool top__language',
        lang: language === 'zh' ? 'en' : 'zh-CN',
        onclick: switchLanguage,
      },
      word('switchLanguage'),
    ),
    h(
      'div',
      { class: 'choice top__views', role: 'radiogroup', 'aria-label': word('view') },
      ...views.map(({ label }) => label),
    ),
  ),
  gone,
  h('main', { class: 'both' }, phone, beside.element),
  toasts(),
)
look('phone')
state.on(['remark'], remark => toast(say(remark)))
listen(state)
