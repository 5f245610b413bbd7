const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * Text from outside CDATA with the five entities of XML and numeric references decoded, once. A reference that names
 * no character stays as it came.
 */
export function decodeReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(amp|lt|gt|quot|apos));/g, (reference, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? reference
    const codePoint = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16)
    const exists = codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff)
    return exists ? String.fromCodePoint(codePoint) : reference
  })
}
