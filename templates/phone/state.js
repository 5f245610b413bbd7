/**
 * @typedef {import('../../src/simulator/phone/state.ts').Snapshot} Snapshot
 * @typedef {import('../../src/simulator/phone/state.ts').Changes} Changes
 * @typedef {import('../../src/simulator/phone/state.ts').Follower} Follower
 * @typedef {import('../../src/simulator/phone/state.ts').Line} Line
 * @typedef {import('../../src/simulator/api/fake-api.ts').ApiCall} ApiCall
 * @typedef {import('../../src/simulator/exchange.ts').Exchange} Exchange
 */

/** Holds what the server told, and whom the phone acts as; whoever shows a part of it listens to that part. */
export class PhoneState extends EventTarget {
  /** @type {Map<string, Follower>} */ followers = new Map()
  /** @type {Map<string, Line>} */ lines = new Map()
  /** @type {Map<string, Exchange>} */ exchanges = new Map()
  /** @type {Map<string, ApiCall>} */ calls = new Map()
  /** @type {Changes['menus']} */ menus = {}
  /** @type {Changes['qrCodes']} */ qrCodes = []
  /** @type {Changes['mode']} */ mode = 'plain'
  /** @type {Snapshot['modes']} */ modes = []
  /** @type {Changes['typing']} */ typing = []
  /** @type {Changes['apiTrouble']} */ apiTrouble = null
  account = { userName: '', appId: '' }
  target = ''
  openid = ''
  /** Lines that came while the phone was somebody else's, by follower. @type {Map<string, number>} */ unread =
    new Map()

  get follower() {
    return this.followers.get(this.openid)
  }

  /** @param {Snapshot} snapshot */
  begin({ followers, lines, exchanges, calls, ...others }) {
    Object.assign(this, others, {
      followers: new Map(followers.map(each => [each.openid, each])),
      lines: new Map(lines.map(each => [each.id, each])),
      exchanges: new Map(exchanges.map(each => [each.id, each])),
      calls: new Map(calls.map(each => [each.id, each])),
    })
    if (!this.follower) this.openid = followers[0]?.openid ?? ''
    this.dispatchEvent(new Event('begin'))
  }

  /**
   * @template {keyof Changes} Name
   * @param {Name} name
   * @param {any} value
   */
  change(name, value) {
    if (name === 'line') this.#addLine(value)
    else if (name === 'exchange') this.exchanges.set(value.id, value)
    else if (name === 'follower') this.followers.set(value.openid, value)
    else if (name === 'call') this.calls.set(value.id, value)
    else Object.assign(this, { [name]: value })
    this.dispatchEvent(new CustomEvent(name, { detail: value }))
  }

  /** @param {Line} line */
  #addLine(line) {
    const seen = this.lines.has(line.id) || line.openid === this.openid || line.from === 'follower'
    if (!seen) this.unread.set(line.openid, (this.unread.get(line.openid) ?? 0) + 1)
    this.lines.set(line.id, line)
  }

  /** @param {string} openid */
  actAs(openid) {
    this.openid = openid
    this.unread.delete(openid)
    this.dispatchEvent(new Event('begin'))
  }

  /**
   * @param {readonly (keyof Changes | 'begin' | 'gone')[]} names
   * @param {(detail: any) => void} listener
   */
  on(names, listener) {
    for (const name of names) this.addEventListener(name, event => listener(/** @type {CustomEvent} */ (event).detail))
  }
}
