import { accountAvatar, avatar } from './avatar.js'
import { contentNodes } from './content.js'
import { h } from './dom.js'
import { clock } from './time.js'
import { language, say, word } from './words.js'

/**
 * @typedef {import('./state.js').PhoneState} PhoneState
 * @typedef {import('./state.js').Line} Line
 */

/**
 * One line of the chat.
 *
 * @param {PhoneState} state
 * @param {Line} line
 * @param {{ tap: (content: string, menuId: string) => void, show: (exchange: string) => void }} actions
 */
export function lineElement(state, line, actions) {
  if (line.content.type === 'notice') return notice(line.content, line.exchange, actions.show)
  const mine = line.from === 'follower'
  const name = mine ? (state.followers.get(line.openid)?.nickname ?? '') : word('account')
  return h(
    'li',
    { class: `line ${mine ? 'line_mine' : 'line_theirs'}`, 'data-type': line.content.type },
    mine ? avatar(line.openid, name) : accountAvatar(),
    h(
      'div',
      { class: 'line__body' },
      h('span', { class: 'unseen' }, `${mine ? word('you') : name} ${clock(line.at)}`),
      contentNodes(line.content, line.media, actions.tap),
      line.custom && h('span', { class: 'line__source' }, word('customMessage')),
    ),
    mine && line.exchange !== undefined && exchangeMark(state, line.exchange, actions.show),
  )
}

/**
 * Beside what was sent: a wheel while the answer is awaited, then how long it took.
 *
 * @param {PhoneState} state
 * @param {string} id
 * @param {(exchange: string) => void} show
 */
function exchangeMark(state, id, show) {
  const exchange = state.exchanges.get(id)
  if (!exchange) return undefined
  if (exchange.state === 'running')
    return h(
      'span',
      { class: 'mark', role: 'img', 'aria-label': word('sending') },
      h('i', { class: 'weui-primary-loading' }),
    )
  const milliseconds = Math.round(exchange.deliveries.at(-1)?.milliseconds ?? 0)
  return h(
    'button',
    { type: 'button', class: `mark mark_${exchange.state}`, title: word('showExchange'), onclick: () => show(id) },
    h('span', { class: 'unseen' }, `${word('showExchange')} `),
    `${milliseconds} ms`,
  )
}

/**
 * @param {Extract<Line['content'], { type: 'notice' }>} content
 * @param {string | undefined} exchange
 * @param {(exchange: string) => void} show
 */
function notice(content, exchange, show) {
  const words = content.failed
    ? [
        h('span', { lang: 'zh-CN' }, content.text.zh),
        language === 'en' && h('span', { class: 'notice__translation' }, content.text.en),
      ]
    : [say(content.text)]
  const shown =
    exchange === undefined
      ? h('span', { class: 'notice' }, ...words)
      : h(
          'button',
          {
            type: 'button',
            class: `notice ${content.failed ? 'notice_failed' : ''}`,
            title: word('showExchange'),
            onclick: () => show(exchange),
          },
          ...words,
        )
  return h('li', { class: 'line line_notice' }, shown)
}
