import { attempt as careful } from './actions.js'
import { h } from './dom.js'
import { icon } from './icons.js'
import { toast } from './toast.js'
import { say, word } from './words.js'
import { xmlView } from './xml-view.js'

/**
 * @typedef {import('../../src/simulator/exchange.ts').Exchange} Exchange
 * @typedef {import('../../src/simulator/exchange.ts').Attempt} Attempt
 */

/** The platform waits so long for an answer. */
const LIMIT_MS = 5000

/**
 * How long a delivery took, against the five seconds that it may take.
 *
 * @param {Attempt} attempt
 */
export function timeBar(attempt) {
  const { number, milliseconds, verdict, startedAt } = attempt
  const running = verdict === undefined
  const state = running ? 'running' : verdict.taken ? 'taken' : 'refused'
  const filled = h('span', { class: `time__filled time__filled_${state}` })
  const elapsed = running ? Date.now() - startedAt : milliseconds
  filled.style.width = `${Math.min(100, (elapsed / LIMIT_MS) * 100)}%`
  if (running)
    filled.animate([{ width: filled.style.width }, { width: '100%' }], {
      duration: Math.max(1, LIMIT_MS - elapsed),
      fill: 'forwards',
    })
  const figure = running ? '…' : `${Math.round(milliseconds)} ms`
  const label = `${word('delivery')} ${number} ${word('deliveryEnd')}: ${figure} ${word('ofFiveSeconds')}`
  return h(
    'div',
    { class: 'time' },
    h('span', { class: 'time__number', 'aria-hidden': 'true' }, `#${number}`),
    h('span', { class: 'time__track', role: 'img', 'aria-label': label }, filled),
    h('span', { class: 'time__figure', 'aria-hidden': 'true' }, figure),
  )
}

/**
 * One delivery in full.
 *
 * @param {Exchange} exchange
 * @param {Attempt} attempt
 */
export function attemptView(exchange, attempt) {
  const { request, response, verdict } = attempt
  return h(
    'section',
    { class: 'attempt', 'aria-label': `${word('delivery')} ${attempt.number} ${word('deliveryEnd')}` },
    timeBar(attempt),
    verdict && verdictLine(verdict),
    h('h4', {}, word('request')),
    h('pre', { class: 'code' }, h('b', {}, request.method), ` ${request.target}`, headerLines(request.headers)),
    request.body !== '' && request.body !== exchange.xml && folded(word('requestBody'), request.body),
    exchange.xml !== '' &&
      h('div', {}, request.body !== exchange.xml && h('h5', {}, word('decryptedRequest')), xmlView(exchange.xml)),
    h('h4', {}, response ? word('response') : verdict ? word('noResponse') : word('running')),
    response && h('pre', { class: 'code' }, h('b', {}, String(response.status)), headerLines(response.headers)),
    response &&
      (response.decrypted === undefined ? xmlView(response.body) : folded(word('responseBody'), response.body)),
    response?.decrypted !== undefined &&
      h('div', {}, h('h5', {}, word('decryptedResponse')), xmlView(response.decrypted)),
    response?.log ? h('div', {}, h('h5', {}, word('log')), h('pre', { class: 'code' }, response.log)) : undefined,
    h(
      'div',
      { class: 'attempt__tools' },
      copyButton(word('copyCurl'), `copy/${exchange.id}/${attempt.number}/curl`),
      copyButton(word('copyCgi'), `copy/${exchange.id}/${attempt.number}/cgi`),
    ),
  )
}

/** @param {NonNullable<Attempt['verdict']>} verdict */
function verdictLine({ taken, reason, keptOut }) {
  const good = keptOut ?? taken
  const heading = keptOut === undefined ? word(taken ? 'taken' : 'notTaken') : ''
  return h(
    'p',
    { class: `verdict ${good ? 'verdict_good' : 'verdict_bad'}` },
    icon(good ? 'check' : 'warn'),
    h('span', {}, heading && h('strong', {}, `${heading} · `), say(reason)),
  )
}

/** @param {Readonly<Record<string, string>>} headers */
function headerLines(headers) {
  return Object.entries(headers)
    .map(([name, value]) => `\n${name}: ${value}`)
    .join('')
}

/**
 * @param {string} title
 * @param {string} text
 */
function folded(title, text) {
  return h('details', {}, h('summary', {}, title), xmlView(text))
}

/**
 * @param {string} label
 * @param {string} address of the text
 */
function copyButton(label, address) {
  const copy = () =>
    careful(async () => {
      const response = await fetch(address)
      await navigator.clipboard.writeText(await response.text())
      toast(word('copied'))
    })
  return h('button', { type: 'button', class: 'tool', onclick: copy }, icon('copy'), label)
}
