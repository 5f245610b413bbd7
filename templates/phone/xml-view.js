import { h } from './dom.js'

/** A tag, a CDATA section, or the words between them. */
const TOKEN = /<!\[CDATA\[([\s\S]*?)\]\]>|<\/?([\w:]+)[^>]*>|[^<]+|</g

/**
 * XML over several lines and in colours; anything else is shown as it is.
 *
 * @param {string} text
 */
export function xmlView(text) {
  if (!/^\s*<\w/.test(text)) return h('pre', { class: 'code' }, text === '' ? '∅' : text)
  const view = h('pre', { class: 'code' })
  let depth = 0
  let leaf = false
  for (const [token, cdata] of text.matchAll(TOKEN)) {
    if (cdata !== undefined) view.append('<![CDATA[', h('b', {}, cdata), ']]>')
    else if (token.startsWith('</')) {
      depth = Math.max(0, depth - 1)
      view.append(leaf ? '' : lineAt(depth), tag(token))
      leaf = false
    } else if (/^<\w/.test(token)) {
      if (view.childNodes.length > 0) view.append(lineAt(depth))
      view.append(tag(token))
      leaf = !token.endsWith('/>')
      if (leaf) depth++
    } else if (token.trim() !== '') view.append(h('b', {}, token))
  }
  return view
}

/** @param {number} depth */
function lineAt(depth) {
  return `\n${'  '.repeat(depth)}`
}

/** @param {string} token */
function tag(token) {
  return h('span', { class: 'code__tag' }, token)
}
