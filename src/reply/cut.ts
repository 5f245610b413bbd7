/** What a text reply may hold, in bytes of UTF-8 (reported by users; WeChat publishes no number). */
export const TEXT_BYTES = 2047

const ELLIPSIS = '…'

/**
 * The beginning of a text and an ellipsis, together at most 2047 bytes of UTF-8: cut between graphemes, so that no
 * emoji and no accent falls apart, and before a link that would not be whole.
 */
export function cutText(content: string): string {
  // Slow to load, and hardly ever needed: not before there is something to cut.
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(content)
  const boundary = (index: number) => graphemes.containing(index)?.index ?? 0
  const room = new Uint8Array(TEXT_BYTES - Buffer.byteLength(ELLIPSIS))
  const end = boundary(new TextEncoder().encodeInto(content, room).read)
  return content.slice(0, boundary(beforeOpenLink(content, end))) + ELLIPSIS
}

/** `end`, or the beginning of the `<a …>…</a>` that `end` is inside of. */
function beforeOpenLink(content: string, end: number): number {
  let open: number | undefined
  // Two more characters, to see `<a ` when `end` is in the middle of it.
  for (const tag of content.slice(0, end + 2).matchAll(/<a\s|<\/a\s*>/gi)) {
    if (tag[0].startsWith('</')) {
      if (tag.index + tag[0].length <= end) open = undefined
    } else if (tag.index < end) open ??= tag.index
  }
  return open ?? end
}
