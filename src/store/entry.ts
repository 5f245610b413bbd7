/** Milliseconds that two processes' clocks may be apart. */
const CLOCK_SKEW = 5000

/**
 * A value as it stands in a file. When it was written is there as well, because an entry from the future says that
 * the clock has been put back, and that nobody knows how old it is.
 */
export function encodeEntry(value: string, ttl: number, now: number): string {
  return JSON.stringify([now, now + ttl, value])
}

/** The value, or undefined when it has expired, comes from the future, or is not whole. */
export function decodeEntry(text: string, now: number): string | undefined {
  const [written, expires, value] = parseArray(text)
  if (typeof written !== 'number' || typeof expires !== 'number' || typeof value !== 'string') return undefined
  return written <= now + CLOCK_SKEW && now < expires ? value : undefined
}

function parseArray(text: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}
