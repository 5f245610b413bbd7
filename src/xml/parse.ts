import { isUtf8 } from 'node:buffer'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { decodeReferences } from './references.ts'
import { XmlError } from './xml-error.ts'

/**
 * An element's children by name, without a prototype, so that no name from outside can mean anything to JavaScript.
 * A name that occurs several times has an array; `item` and `List`, which WeChat repeats, always have one.
 */
export interface XmlElement {
  readonly [name: string]: XmlValue
}

/** Text, or children, or several of these under one name. An element with neither is the empty string. */
export type XmlValue = string | XmlElement | (string | XmlElement)[]

/** A document as text, without a byte order mark, and as the children of its root element `<xml>`. */
export interface XmlDocument {
  readonly text: string
  readonly root: XmlElement
}

const MAX_DEPTH = 8
const MAX_ELEMENTS = 1000
const TEXT = '#text'
const CDATA = '#cdata'
const ATTRIBUTES = ':@'

// Each character of a comment can be read in one way only, so that a long prolog is refused as quickly as a short one.
const PROLOG = /^[ \t\r\n]*(?:<\?xml[ \t\r\n][^<>]*\?>(?:[ \t\r\n]|<!--(?:-?[^-])*-->)*)?(?=<xml[ \t\r\n]*>)/

// Whatever may hide a markup declaration is skipped whole, to the end if need be, so that one pass is enough.
const MARKUP = /<(?:!\[CDATA\[[\s\S]*?(?:\]\]>|$)|!--[\s\S]*?(?:-->|$)|\?[\s\S]*?(?:\?>|$)|!)/g

// Every conversion is off, and the order is kept: CDATA is as the follower wrote it, text round it is not.
const parser = new XMLParser({
  preserveOrder: true,
  textNodeName: TEXT,
  cdataPropName: CDATA,
  ignoreAttributes: false,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: false,
  ignorePiTags: true,
  maxNestedTags: Number.POSITIVE_INFINITY,
  jPath: false,
  onDangerousProperty: name => name,
})

/**
 * Reads the body of a message push, or the decrypted message inside it: UTF-8 with or without a byte order mark, at
 * most an XML declaration with comments behind it, and one `<xml>` element, at most 8 levels and 1000 elements.
 *
 * Comments, processing instructions and text beside elements are passed over. White space is stripped from both ends
 * of a value, but never inside CDATA, where only line ends become LF. Outside CDATA the five entities of XML and
 * numeric references are decoded. Control characters that XML 1.0 forbids, NUL too, stay where a follower put them. Half
 * of a surrogate pair (the bytes ED A0 80 for example) is not UTF-8, and the whole document is refused.
 *
 * @throws {XmlError} and nothing else.
 */
export function parseXml(bytes: Uint8Array): XmlDocument {
  const text = decode(bytes)
  const prolog = PROLOG.exec(text)
  if (!prolog) throw new XmlError('prolog')
  const [root, ...rest] = parseNodes(text.slice(prolog[0].length))
  if (!root?.xml || rest.some(node => !(TEXT in node))) throw new XmlError('malformed')
  const value = readElement(root.xml, 1, { left: MAX_ELEMENTS })
  return { text, root: typeof value === 'string' ? Object.create(null) : value }
}

const BYTE_ORDER_MARK = '\uFEFF'

/** Without a TextDecoder, whose first use costs a CGI process half a millisecond. */
function decode(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new XmlError('not-utf8')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
}

/** How fast-xml-parser hands over a node when the order is kept: its children under its name, or its text. */
type OrderedNode = Readonly<Record<string, OrderedNode[]>> & { readonly xml?: OrderedNode[]; readonly [TEXT]?: string }

function parseNodes(text: string): OrderedNode[] {
  if (XMLValidator.validate(text) !== true) throw new XmlError('malformed')
  for (const [token] of text.matchAll(MARKUP)) if (token === '<!') throw new XmlError('declaration')
  try {
    return parser.parse(text)
  } catch {
    // Without the cause: the parser quotes what the follower wrote.
    throw new XmlError('malformed')
  }
}

type Child = string | XmlElement
type Children = Record<string, Child | Child[]>

function readElement(nodes: OrderedNode[], depth: number, budget: { left: number }): Child {
  if (depth > MAX_DEPTH) throw new XmlError('too-deep')
  let children: Children | undefined
  for (const node of nodes) {
    if (TEXT in node || CDATA in node) continue
    if (ATTRIBUTES in node) throw new XmlError('attributes')
    if (--budget.left < 0) throw new XmlError('too-many')
    children ??= Object.create(null) as Children
    for (const name in node) {
      if (name in Object.prototype) throw new XmlError('malformed')
      addChild(children, name, readElement(node[name] ?? [], depth + 1, budget))
    }
  }
  return children ?? readText(nodes)
}

function addChild(children: Children, name: string, child: Child): void {
  const earlier = children[name]
  if (Array.isArray(earlier)) earlier.push(child)
  else if (earlier !== undefined) children[name] = [earlier, child]
  else children[name] = name === 'item' || name === 'List' ? [child] : child
}

function readText(nodes: OrderedNode[]): string {
  let text = ''
  nodes.forEach((node, index) => {
    const cdata = node[CDATA]
    if (cdata) {
      text += cdata[0]?.[TEXT] ?? ''
      return
    }
    let plain = node[TEXT] ?? ''
    if (index === 0) plain = plain.trimStart()
    if (index === nodes.length - 1) plain = plain.trimEnd()
    text += decodeReferences(plain)
  })
  return text
}
