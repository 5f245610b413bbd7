import { attempt as careful } from './actions.js'
import { h } from './dom.js'
import { icon } from './icons.js'
import { ask, fetchText } from './server.js'
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
 * Whether all is as it should be: WeChat takes the answer, and a stranger gets nowhere.
 *
 * @param {Exchange} exchange
 * @param {NonNullable<Attempt['verdict']>} verdict
 */
function isGood({ trouble }, { taken, keptOut }) {
  return isStranger(trouble) ? keptOut !== false : taken
}

/** @param {Exchange['trouble']} trouble */
function isStranger(trouble) {
  return trouble === 'wrong-signature' || trouble === 'replay' || trouble === 'garbage'
}

/**
 * How long a delivery took, against the five seconds that it may take.
 *
 * @param {Exchange} exchange
 * @param {Attempt} attempt
 */
export function timeBar(exchange, attempt) {
  const { number, milliseconds, verdict, startedAt } = attempt
  const running = verdict === undefined
  const state = running ? 'running' : isGood(exchange, verdict) ? 'taken' : 'refused'
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
 * One delivery in full; the last brings along what can be done with the whole exchange.
 *
 * @param {Exchange} exchange
 * @param {Attempt} attempt
 */
export function attemptView(exchange, attempt) {
  const isLast = exchange.state !== 'running' && attempt === exchange.deliveries.at(-1)
  const { request, verdict } = attempt
  const [first] = exchange.deliveries
  const isRepeated = first !== undefined && first !== attempt && first.request.target === request.target
  return h(
    'section',
    { class: 'attempt', 'aria-label': `${word('delivery')} ${attempt.number} ${word('deliveryEnd')}` },
    timeBar(exchange, attempt),
    verdict && verdictLine(exchange, verdict),
    h(
      'div',
      { class: 'attempt__sides' },
      isRepeated ? sameRequest() : requestSide(exchange, request),
      responseSide(attempt),
    ),
    h(
      'div',
      { class: 'attempt__tools' },
      copyButton(word('copyCurl'), `copy/${exchange.id}/${attempt.number}/curl`),
      copyButton(word('copyCgi'), `copy/${exchange.id}/${attempt.number}/cgi`),
      isLast && againButton(exchange.id),
      isLast && saveLink(exchange),
    ),
  )
}

/**
 * @param {Exchange} exchange
 * @param {Attempt['request']} request
 */
function requestSide({ trouble, xml: message }, { method, target, headers, body }) {
  // Garbage stands in the place of the message.
  const xml = trouble === 'garbage' ? body : message
  const sealed = body !== xml
  return h(
    'div',
    { class: 'attempt__side' },
    h('h3', {}, word('request')),
    h('pre', { class: 'code' }, h('b', {}, method), ` ${target}`, headerLines(headers)),
    sealed && body !== '' && folded(word('requestBody'), body),
    sealed && xml !== '' && h('h4', {}, word('decryptedRequest')),
    xml !== '' && xmlView(xml),
  )
}

/** WeChat repeats a delivery with everything that was in it, even its signature. */
function sameRequest() {
  return h('div', { class: 'attempt__side' }, h('h3', {}, word('request')), h('p', {}, word('sameRequest')))
}

/** @param {Attempt} attempt */
function responseSide({ response, verdict }) {
  if (!response) return h('div', { class: 'attempt__side' }, h('h3', {}, word(verdict ? 'noResponse' : 'running')))
  const { status, headers, body, decrypted, log } = response
  return h(
    'div',
    { class: 'attempt__side' },
    h('h3', {}, word('response')),
    h('pre', { class: 'code' }, h('b', {}, String(status)), headerLines(headers)),
    decrypted === undefined ? xmlView(body) : folded(word('responseBody'), body),
    decrypted !== undefined && h('h4', {}, word('decryptedResponse')),
    decrypted !== undefined && xmlView(decrypted),
    log !== '' && h('h4', {}, word('log')),
    log !== '' && h('pre', { class: 'code' }, log),
  )
}

/**
 * @param {Exchange} exchange
 * @param {NonNullable<Attempt['verdict']>} verdict
 */
function verdictLine(exchange, verdict) {
  const good = isGood(exchange, verdict)
  return h(
    'p',
    { class: `verdict ${good ? 'verdict_good' : 'verdict_bad'}` },
    icon(good ? 'check' : 'warn'),
    h('span', {}, isStranger(exchange.trouble) && h('strong', {}, `${word('byStranger')} · `), say(verdict.reason)),
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
 * What somebody can do who has seen the request.
 *
 * @param {string} exchange
 */
function againButton(exchange) {
  const again = () => careful(() => ask('again', { exchange }))
  return h('button', { type: 'button', class: 'tool', onclick: again }, icon('redo'), word('sendAgain'))
}

/** @param {Exchange} exchange */
function saveLink({ id, kind }) {
  const download = `${kind.replace(/\W/g, '-')}-${id}.json`
  const attributes = { class: 'tool', href: `fixture/${id}`, download }
  return h('a', attributes, icon('save'), word('saveFixture'))
}

/**
 * @param {string} label
 * @param {string} address of the text
 */
function copyButton(label, address) {
  const copy = () =>
    careful(async () => {
      await navigator.clipboard.writeText(await fetchText(address))
      toast(word('copied'))
    })
  return h('button', { type: 'button', class: 'tool', onclick: copy }, icon('copy'), label)
}
