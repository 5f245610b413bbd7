import { TEXT_BYTES } from './limits.ts'

const ELLIPSIS = '…'
const ELLIPSIS_IN_LINK = '…</a>'

/**
 * The beginning of a text and an ellipsis, together at most 2047 bytes of UTF-8: cut between graphemes, so that no
 * emoji and no accent falls apart, and before a link that would not be whole. A link that is over the limit by itself
 * is cut inside its label, and stays a link.
 */
export function cutText(content: string): string {
  // Slow to load, and hardly ever needed: not before there is something to cut.
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(content)
  const boundary = (index: number) => graphemes.containing(index)?.index ?? 0
  const roomBefore = (ending: string) => {
    const room = new Uint8Array(TEXT_BYTES - Buffer.byteLength(ending))
    return boundary(new TextEncoder().encodeInto(content, room).read)
  }
  const end = roomBefore(ELLIPSIS)
  const link = linkAround(end, content)
  if (!link) return content.slice(0, end) + ELLIPSIS
  const inLabel = roomBefore(ELLIPSIS_IN_LINK)
  const fits = Buffer.byteLength(content.slice(link.start, link.end)) <= TEXT_BYTES
  if (!fits && link.label < inLabel && inLabel < link.labelEnd) return content.slice(0, inLabel) + ELLIPSIS_IN_LINK
  return content.slice(0, boundary(link.start)) + ELLIPSIS
}

/** Where a link and its label begin and end. A tag that nothing closes is a link with no label. */
interface Link {
  readonly start: number
  readonly label: number
  readonly labelEnd: number
  readonly end: number
}

/** WeChat shows every other tag, and an `<a` without an address, as it stands. */
const LINK_TAG = /<a(?=\s[^<>]*href\s*=)[^<>]*>|<\/a\s*>/gi

/** The link that begins before this place and ends behind it. */
function linkAround(place: number, content: string): Link | undefined {
  let open: Link | undefined
  for (const { 0: tag, index } of content.matchAll(LINK_TAG)) {
    const end = index + tag.length
    if (tag.startsWith('</')) {
      if (end > place) return open && { ...open, labelEnd: index, end }
      open = undefined
    } else {
      if (index >= place) break
      open = { start: index, label: end, labelEnd: end, end }
    }
  }
  return open && open.end > place ? open : undefined
}
