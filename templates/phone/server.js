import { language } from './words.js'

/** @typedef {import('./state.js').PhoneState} PhoneState */

/** Everything that the server tells by and by, under these names. */
const CHANGES = /** @type {const} */ ([
  'line',
  'exchange',
  'follower',
  'call',
  'menus',
  'qrCodes',
  'mode',
  'typing',
  'apiTrouble',
  'remark',
])

/**
 * Follows the server. After an interruption the browser asks again by itself, and everything begins anew.
 *
 * @param {PhoneState} state
 */
export function listen(state) {
  const source = new EventSource('events')
  source.addEventListener('begin', event => state.begin(JSON.parse(event.data)))
  for (const name of CHANGES) source.addEventListener(name, event => state.change(name, JSON.parse(event.data)))
  source.addEventListener('error', () => state.dispatchEvent(new Event('gone')))
}

/**
 * Asks the server to do something.
 *
 * @param {string} action
 * @param {object} [details]
 * @returns {Promise<any>}
 * @throws {Error} with the server's reason, in the page's language
 */
export function ask(action, details = {}) {
  return answerOf(
    fetch(`do/${action}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(details),
    }),
  )
}

/**
 * Hands the bytes of a picture, a clip or a film over.
 *
 * @param {'image' | 'voice' | 'video'} type
 * @param {Blob} blob
 * @returns {Promise<{ mediaId: string, md5: string }>}
 */
export function upload(type, blob) {
  const headers = { 'Content-Type': blob.type || 'application/octet-stream' }
  return answerOf(fetch(`media/${type}`, { method: 'POST', headers, body: blob }))
}

/**
 * @param {string} address
 * @throws {Error} with the server's reason
 */
export async function fetchText(address) {
  return (await permitted(fetch(address))).text()
}

/** @param {Promise<Response>} request */
async function answerOf(request) {
  return (await permitted(request)).json()
}

/** @param {Promise<Response>} request */
async function permitted(request) {
  const response = await request
  if (response.ok) return response
  const { reason } = await response.json()
  throw new Error(reason[language])
}
