import type { XmlElement } from './element.ts'

/*
 * Nearly every document of the message push is one `<xml>` with children that have one piece of text each. Those are
 * read here, in a tenth of the time that an XML parser takes; whatever else a document may hold is left to one.
 */

/** More of them are left to who counts them. */
const MAX_CHILDREN = 64

/** The next child up to its text, or the end of the root element. Text outside CDATA has nothing to decode or to strip. */
const NEXT = /[ \t\n]*<(?:([A-Za-z]\w*)>(?:(<!\[CDATA\[)|([\w+/=.-]*)<\/\1>)|\/xml>[ \t\n]*$)/y
const CDATA_END = ']]>'
/** Names of arrays, and the one that the parser refuses beside those of `Object.prototype`. */
const LEFT_TO_PARSER = new Set(['item', 'List', 'prototype'])

/**
 * The children of the root element.
 *
 * @param text a document from its `<xml>` on
 * @returns undefined for a document that is not as simple as this, well-formed or not
 */
export function readFlat(text: string): XmlElement | undefined {
  if (!text.startsWith('<xml>') || text.includes('\r')) return undefined
  const children: Record<string, string> = Object.create(null)
  let position = '<xml>'.length
  for (let count = 0; count <= MAX_CHILDREN; count++) {
    NEXT.lastIndex = position
    const next = NEXT.exec(text)
    if (!next) return undefined
    const [, name, cdata, plain = ''] = next
    if (name === undefined) return count > 0 ? children : undefined
    if (name in children || name in Object.prototype || LEFT_TO_PARSER.has(name)) return undefined
    position = NEXT.lastIndex
    if (cdata === undefined) {
      children[name] = plain
      continue
    }
    const end = text.indexOf(CDATA_END, position)
    const closing = `${CDATA_END}</${name}>`
    if (end < 0 || !text.startsWith(closing, end)) return undefined
    children[name] = text.slice(position, end)
    position = end + closing.length
  }
  return undefined
}
