// All but tab, LF and CR of the control characters, two noncharacters, halves of surrogate pairs: XML 1.0 section 2.2.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach the platform
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu

/** Text without the characters that XML 1.0 forbids: one of them makes the platform refuse the whole reply. */
export function withoutForbidden(text: string): string {
  return text.replace(FORBIDDEN, '')
}
