import { h } from './dom.js'

/** What WeChat makes of `<a …>words</a>` in a text; any other markup stays as it was written. */
const ANCHOR = /<a\s([^<>]{0,2048})>([^<>]*)<\/a>/gi
const ATTRIBUTE = /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ADDRESS = /https?:\/\/[^\s<>"'，。！？；：、（）《》【】]+/g

/**
 * A text as WeChat shows it: addresses and the links that it permits can be tapped, everything else is plain words.
 *
 * @param {string} text
 * @param {(content: string, menuId: string) => void} [tap] sends the words of a `weixin://bizmsgmenu` link back
 * @returns {Node[]}
 */
export function textNodes(text, tap) {
  /** @type {Node[]} */
  const nodes = []
  let end = 0
  for (const match of text.matchAll(ANCHOR)) {
    const [whole, attributes = '', label = ''] = match
    const link = linkFor(attributes, label, tap)
    if (!link) continue
    nodes.push(...addressesIn(text.slice(end, match.index)), link)
    end = match.index + whole.length
  }
  return [...nodes, ...addressesIn(text.slice(end))]
}

/**
 * @param {string} attributes
 * @param {string} label
 * @param {((content: string, menuId: string) => void) | undefined} tap
 */
function linkFor(attributes, label, tap) {
  const values = Object.fromEntries(
    [...attributes.matchAll(ATTRIBUTE)].map(([, name = '', a, b]) => [name.toLowerCase(), a ?? b ?? '']),
  )
  const href = (values['href'] ?? '').trim()
  if (/^https?:\/\//i.test(href)) return outside(href, label)
  if (!/^weixin:\/\/bizmsgmenu\?/i.test(href)) return undefined
  const query = new URLSearchParams(href.slice(href.indexOf('?')))
  const content = query.get('msgmenucontent') ?? label
  return h(
    'button',
    { type: 'button', class: 'text-link', onclick: () => tap?.(content, query.get('msgmenuid') ?? '') },
    label,
  )
}

/**
 * @param {string} text
 * @returns {Node[]}
 */
function addressesIn(text) {
  /** @type {Node[]} */
  const nodes = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    nodes.push(new Text(text.slice(end, match.index)), outside(match[0], match[0]))
    end = match.index + match[0].length
  }
  return [...nodes, new Text(text.slice(end))]
}

/**
 * A link that leaves the page, without telling where it came from.
 *
 * @param {string} href
 * @param {string} label
 */
export function outside(href, label) {
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer', class: 'text-link' }, label)
}
