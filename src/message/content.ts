import type { IncomingMessage } from './types.ts'

/** UTF-16 code units. */
const LONGEST = 100

/** What a follower has written or said, or which button or code he has used, its beginning; undefined of other messages. */
export function contentOf({ fields }: IncomingMessage): string | undefined {
  for (const name of ['Content', 'Recognition', 'EventKey']) {
    const value = fields[name]
    // Half a character at the end is none.
    if (typeof value === 'string' && value !== '') return value.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')
  }
  return undefined
}
