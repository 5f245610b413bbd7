import { h } from './dom.js'
import { word } from './words.js'

/** @typedef {import('./actions.js').FollowerActions} FollowerActions */

/** WeChat cuts a voice message off here. */
const LONGEST_S = 60
const RATE = 8000

/**
 * Hold it with a finger, the mouse, the space bar or Enter: what is sent is a tone as long as that. No microphone is asked for.
 *
 * @param {FollowerActions} actions
 */
export function talkButton(actions) {
  const button = h('button', { type: 'button', class: 'composer__talk' }, word('holdToTalk'))
  let since = 0
  const begin = () => {
    since ||= performance.now()
    button.classList.add('composer__talk_on')
    button.textContent = word('releaseToSend')
  }
  /** @param {boolean} send */
  const end = send => {
    const seconds = Math.min(LONGEST_S, Math.max(1, Math.round((performance.now() - since) / 1000)))
    if (since && send) actions.voice(tone(seconds), seconds)
    since = 0
    button.classList.remove('composer__talk_on')
    button.textContent = word('holdToTalk')
  }
  const isKey = (/** @type {KeyboardEvent} */ { key }) => key === ' ' || key === 'Enter'
  button.addEventListener('pointerdown', begin)
  button.addEventListener('pointerup', () => end(true))
  button.addEventListener('pointerleave', () => end(false))
  button.addEventListener('keydown', event => isKey(event) && begin())
  button.addEventListener('keyup', event => isKey(event) && end(true))
  button.addEventListener('blur', () => end(false))
  button.addEventListener('contextmenu', event => event.preventDefault())
  return button
}

/**
 * A murmur in a WAV file: 8000 samples a second of 8 bits.
 *
 * @param {number} seconds
 */
function tone(seconds) {
  const samples = new Uint8Array(seconds * RATE).map((_, index) => {
    const syllable = Math.max(0, Math.sin((index / RATE) * 2 * Math.PI * 3))
    return 128 + 60 * syllable * Math.sin((index / RATE) * 2 * Math.PI * 220)
  })
  const head = new DataView(new ArrayBuffer(44))
  const words = /** @type {const} */ ([
    [0, 'RIFF'],
    [8, 'WAVEfmt '],
    [36, 'data'],
  ])
  for (const [at, text] of words) new Uint8Array(head.buffer, at).set(new TextEncoder().encode(text))
  head.setUint32(4, 36 + samples.length, true)
  head.setUint32(16, 16, true)
  head.setUint16(20, 1, true)
  head.setUint16(22, 1, true)
  head.setUint32(24, RATE, true)
  head.setUint32(28, RATE, true)
  head.setUint16(32, 1, true)
  head.setUint16(34, 8, true)
  head.setUint32(40, samples.length, true)
  return new Blob([head, samples], { type: 'audio/wav' })
}
