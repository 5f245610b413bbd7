import { isUtf8 } from 'node:buffer'
import type { XmlElement } from './element.ts'
import { readFlat } from './flat.ts'
import { readNested } from './nested.ts'
import { XmlError } from './xml-error.ts'

/** A document as text, without a byte order mark, and as the children of its root element `<xml>`. */
export interface XmlDocument {
  readonly text: string
  readonly root: XmlElement
}

// Each character of a comment can be read in one way only, so that a long prolog is refused as quickly as a short one.
const PROLOG = /^[ \t\r\n]*(?:<\?xml[ \t\r\n][^<>]*\?>(?:[ \t\r\n]|<!--(?:-?[^-])*-->)*)?(?=<xml[ \t\r\n]*>)/

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
  const document = text.slice(prolog[0].length)
  return { text, root: readFlat(document) ?? readNested(document) }
}

const BYTE_ORDER_MARK = '\uFEFF'

/** Without a TextDecoder, whose first use costs a CGI process half a millisecond. */
function decode(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new XmlError('not-utf8')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
}
