import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { XmlElement } from './element.ts'
import { decodeReferences } from './references.ts'
import { XmlError } from './xml-error.ts'

const MAX_DEPTH = 8
const MAX_ELEMENTS = 1000
const TEXT = '#text'
const CDATA = '#cdata'
const ATTRIBUTES = ':@'

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
 * The children of the root element `<xml>`, whatever they are.
 *
 * @param text a document from its `<xml>` on
 * @throws {XmlError} and nothing else
 */
export function readNested(text: string): XmlElement {
  const [root, ...rest] = parseNodes(text)
  if (!root?.xml || rest.some(node => !(TEXT in node))) throw new XmlError('malformed')
  const value = readElement(root.xml, 1, { left: MAX_ELEMENTS })
  return typeof value === 'string' ? Object.create(null) : value
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
